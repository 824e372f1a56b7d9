import { newId } from '../../src/db/columns.ts'
import { forkFor, type Em } from '../../src/db/orm.ts'
import { planSend, type SendInput } from '../../src/inbox/plan-send.ts'
import { routes as analyticsRoutes } from '../../src/analytics/routes.ts'
import { routes as arbiterRoutes } from '../../src/arbiter/routes.ts'
import { saveArbiterSettings } from '../../src/arbiter/arbiter-settings.ts'
import { arbiterSettingsSchema } from '../../src/model/arbiter-settings.ts'
import type { OutboxRow } from '../../src/outbox/outbox.ts'
import { openApi, openWorkspace } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'

export interface TestContact {
  contactId: string
  /** One a number. */
  conversations: [string, string]
}

/** A workspace with two numbers, and sends that are planned and never made. */
export async function openArbiterRig() {
  const databaseUrl = (await freshDatabase()).url
  const api = await openApi({ DATABASE_URL: databaseUrl, DATABASE_POOL_SIZE: 24 }, [
    ...arbiterRoutes,
    ...analyticsRoutes,
  ])
  const workspace = await openWorkspace(api, 'ours')
  const { workspaceId } = workspace
  const rows = rowsOf(databaseUrl)
  const numbers: [string, string] = [newId(), newId()]
  for (const [at, id] of numbers.entries()) await addNumber(rows, workspaceId, id, String(at))

  const newContact = (waId?: string) => addContact(rows, workspaceId, numbers, waId)

  const outbox: OutboxRow[] = []
  /** @param at which of the two numbers. */
  const planIn = (em: Em, { conversations }: TestContact, at: 0 | 1, input: Partial<SendInput> = {}) =>
    planSend(
      em,
      {
        ...{ workspaceId, numberId: numbers[at], conversationId: conversations[at], sendKey: newId() },
        ...{ class: 'marketing', epoch: 0, content: { type: 'text', text: { body: 'Offer!' } }, vars: {} },
        ...{ causeId: newId(), workflowId: undefined, proactive: true, priority: 5, ...input },
      },
      { reconcileMs: 1_000, checksIdentity: false, finish: (content) => content, outbox },
    )
  const plan = (contact: TestContact, at: 0 | 1 = 0, input: Partial<SendInput> = {}) =>
    forkFor(api.deps.orm, workspaceId).transactional((em) => planIn(em, contact, at, input))
  const save = (settings: object) =>
    saveArbiterSettings(api.deps, {
      ...{ workspaceId, by: 'test' },
      settings: arbiterSettingsSchema.parse(settings),
    })
  return {
    ...{ api, workspace, workspaceId, numbers, rows, newContact, planIn, plan, save, outbox },
    forget: () => rows('delete from arbiter_settings'),
    /** Makes what was sent, or waits, so much older. */
    age: (contactId: string, interval: string) =>
      rows(`update messages set inflight_at = inflight_at - $2::interval where contact_id = $1`, [
        contactId,
        interval,
      ]),
    factsOf: (contactId: string) =>
      rows<{ kind: string; data: Record<string, unknown> }>(
        'select kind, data from facts where contact_id = $1 order by at, id',
        [contactId],
      ),
    addJourney: (journeyId: string, versionId: string) =>
      addJourney(rows, [workspaceId, journeyId, versionId, numbers[0]]),
    close: () => api.close(),
  }
}

export const cap = (maximum: number, amount = 1, unit = 'days', categories = ['marketing']) => ({
  caps: [{ categories, maximum, window: { amount, unit } }],
})

type Rows = ReturnType<typeof rowsOf>

function rowsOf(databaseUrl: string) {
  return async <T extends object>(sql: string, values: unknown[] = []) =>
    (await runSql(databaseUrl, sql, values)).rows as T[]
}

async function addNumber(rows: Rows, workspaceId: string, id: string, phoneNumberId: string): Promise<void> {
  await rows(
    `insert into phone_numbers (id, workspace_id, phone_number_id, waba_id, display_number, sealed_access_token,
       sealed_app_secret, verify_token_hash) values ($1, $2, $3, 'waba', '+1', '', '', '')`,
    [id, workspaceId, phoneNumberId],
  )
}

async function addJourney(rows: Rows, ids: [string, string, string, string]): Promise<void> {
  const [workspaceId, journeyId, versionId, numberId] = ids
  await rows(
    `insert into journeys (id, workspace_id, number_id, name, draft) values ($1, $2, $3, 'Test', '{}')`,
    [journeyId, workspaceId, numberId],
  )
  await rows(
    `insert into journey_versions (id, workspace_id, journey_id, number, definition) values ($1, $2, $3, 1, '{"cards": {}}')`,
    [versionId, workspaceId, journeyId],
  )
}

/** Somebody whose chats on both numbers have an open window. */
async function addContact(
  rows: Rows,
  workspaceId: string,
  numbers: [string, string],
  waId = `4917${Math.floor(Math.random() * 1e9)}`,
): Promise<TestContact> {
  const contactId = newId()
  await rows('insert into contacts (id, workspace_id) values ($1, $2)', [contactId, workspaceId])
  await rows(
    `insert into identities (id, workspace_id, contact_id, kind, value, source) values ($1, $2, $3, 'wa_id', $4, 'test')`,
    [newId(), workspaceId, contactId, waId],
  )
  const conversations: [string, string] = [newId(), newId()]
  for (const [at, id] of conversations.entries()) {
    await rows(
      `insert into conversations (id, workspace_id, number_id, contact_id, window_ends_at)
       values ($1, $2, $3, $4, now() + interval '1 day')`,
      [id, workspaceId, numbers[at], contactId],
    )
  }
  return { contactId, conversations }
}
