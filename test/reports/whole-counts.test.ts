import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import type { InboundStatus } from '../../integrations/whatsapp/webhook.ts'
import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { receiveStatuses } from '../../src/inbox/receive-statuses.ts'
import { routes as journeyRoutes } from '../../src/journeys/routes.ts'
import { countReactions } from '../../src/reports/count-reactions.ts'
import { foldDeltas } from '../../src/reports/fold-deltas.ts'
import { rebuildReports } from '../../src/reports/rebuild-reports.ts'
import { routes as reportRoutes } from '../../src/reports/routes.ts'
import type { NumberAccess } from '../../src/settings/numbers.ts'
import { openWorkspaceApi, type Page, type WorkspaceApi } from '../support/workspace-api.ts'

let rig: WorkspaceApi
let numberId: string
let phones = 491_760_000_000

beforeAll(async () => {
  rig = await openWorkspaceApi([...contactRoutes, ...journeyRoutes, ...reportRoutes])
  numberId = await rig.addNumber()
})
afterAll(() => rig.close())

async function makeJourney(): Promise<string> {
  const cards = { ask: { type: 'message', settings: { text: 'Hi' }, next: {} } }
  const draft = { start: 'ask', cards, triggers: [{ type: 'api' }] }
  const { id } = await rig.ask<{ id: string }>(201, 'POST', '/journeys', { numberId, name: 'J', draft })
  await rig.ask(201, 'POST', `/journeys/${id}/publish`)
  return id
}

async function addContact(name: string): Promise<string> {
  const { id } = await rig.ask<{ id: string }>(201, 'POST', '/contacts', { waId: String(phones++), name })
  return id
}

/** A run that has ended, as its workflow would leave it. */
async function addRun(journeyId: string, contactId: string): Promise<string> {
  const runId = newId()
  await rig.rows(
    `insert into runs (id, workspace_id, journey_id, version_id, contact_id, number_id, lineage_id, entry, workflow_id, state,
       at_card, fact_id, vars)
     select $1, workspace_id, id, published_version_id, $3, number_id, $1, $1::uuid::text, $1::uuid::text, 'running', 'ask',
       $1, '{"secret": "Ann"}' from journeys where id = $2`,
    [runId, journeyId, contactId],
  )
  await rig.rows(
    `update runs set state = 'completed', ended_at = now(), outcome = 'done', at_card = null where id = $1`,
    [runId],
  )
  return runId
}

/** Messages of a run in flight, as the ledger has them. */
async function addMessages(runId: string, contactId: string, count: number): Promise<string[]> {
  const conversationId = newId()
  const { workspaceId } = rig.ours
  await rig.rows(
    'insert into conversations (id, workspace_id, number_id, contact_id) values ($1, $2, $3, $4)',
    [conversationId, workspaceId, numberId, contactId],
  )
  const ids = Array.from({ length: count }, () => newId())
  for (const id of ids)
    await rig.rows(
      `insert into messages (id, workspace_id, conversation_id, number_id, contact_id, direction, type, content, run_id,
         card_id, fact_id, send_key, class, state, inflight_at, version_id)
       select $1, $2, $3, $4, $5, 'out', 'text', '{}', r.id, 'ask', $1, $1::uuid::text, 'utility', 'inflight', now(),
         r.version_id from runs r where r.id = $6`,
      [id, workspaceId, conversationId, numberId, contactId, runId],
    )
  return ids
}

const countsOf = (journeyId: string) =>
  rig.rows(
    `select day::text, metric, card_id, detail, sum(n)::int as n from journey_counts where journey_id = $1
     group by 1, 2, 3, 4 having sum(n) <> 0 order by 1, 2, 3, 4`,
    [journeyId],
  )

const happening = fc.record({
  of: fc.nat({ max: 3 }),
  what: fc.constantFrom('sent', 'delivered', 'read', 'failed', 'clicked', 'replied'),
  times: fc.integer({ min: 1, max: 2 }),
})
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never

const numberAccess = (): NumberAccess => ({
  ...{
    id: numberId,
    workspaceId: rig.ours.workspaceId,
    phoneNumberId: numberId,
    wabaId: '1',
    portfolioId: '',
  },
  ...{ accessToken: '', appSecret: '', verifyTokenHash: '', messagesPerSecond: 80, identityCheck: false },
})
const statusOf = (id: string, status: string): InboundStatus => ({
  ...{ wamid: `wamid.${id}`, status, participant: '', address: undefined, identityHash: undefined },
  ...{ atMs: Date.now(), callbackData: id, raw: {} },
  error: status === 'failed' ? { code: '131026', reason: 'Undeliverable' } : undefined,
})

async function happen(messages: string[], { of, what, times }: Happening): Promise<void> {
  const { workspaceId } = rig.ours
  const id = messages[of] ?? ''
  const em = forkFor(rig.deps.orm, workspaceId)
  for (let at = 0; at < times; at++) {
    if (what === 'clicked' || what === 'replied') {
      const reaction = { messageId: id, clicked: what === 'clicked', replied: what === 'replied' }
      await countReactions(em, { workspaceId, numberId }, [reaction])
      continue
    }
    await receiveStatuses(em, numberAccess(), [statusOf(id, what)])
  }
}

const seed = randomInt(2 ** 31)

test(`messages count as their rows say, in whatever order things are told (fast-check seed ${seed})`, async () => {
  const courses = fc.sample(fc.array(happening, { minLength: 5, maxLength: 25 }), { numRuns: 6, seed })
  for (const course of courses) {
    const journeyId = await makeJourney()
    const contactId = await addContact('Ann')
    const messages = await addMessages(await addRun(journeyId, contactId), contactId, 4)
    const [first, second] = [course.filter((_, at) => at % 2 === 0), course.filter((_, at) => at % 2 === 1)]
    const lane = async (part: Happening[]) => {
      for (const each of part) await happen(messages, each)
    }
    await Promise.all([lane(first), lane(second), foldDeltas(rig.deps)])
    const [truth] = await rig.rows(
      `select count(accepted_at)::int as sent, count(delivered_at)::int as delivered, count(read_at)::int as read,
         count(clicked_at)::int as clicked, count(replied_at)::int as replied,
         count(*) filter (where m.state = 'failed')::int as failed from messages m join runs r on r.id = m.run_id
       where r.journey_id = $1`,
      [journeyId],
    )
    const { items } = await rig.ask<Page<Record<string, unknown>>>(
      ...[200, 'GET', `/journeys/${journeyId}/report/messages`],
    )
    const { sent = 0, delivered = 0, read = 0, clicked = 0, replied = 0, failed = [] } = items[0] ?? {}
    const lost = (failed as { count: number }[]).reduce((sum, { count }) => sum + count, 0)
    expect({ sent, delivered, read, clicked, replied, failed: lost }).toEqual(truth)
    const before = await countsOf(journeyId)
    await rebuildReports(rig.deps, { workspaceId: rig.ours.workspaceId, journeyId })
    expect(await countsOf(journeyId)).toEqual(before)
  }
}, 120_000)

test('statuses and answers about the same messages do not lock each other out, in whatever order joins bring them', async () => {
  const contactId = await addContact('Ann')
  const messages = await addMessages(await addRun(await makeJourney(), contactId), contactId, 300)
  const { workspaceId } = rig.ours
  const em = () => forkFor(rig.deps.orm, workspaceId)
  const reactions = messages.map((messageId) => ({ messageId, replied: true, clicked: true }))
  // Hashed, rows are changed in the order in which the table has them, which is not that of their ids.
  const answer = () =>
    em().transactional(async (tx) => {
      await tx.execute(
        `select set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true)`,
      )
      await countReactions(tx, { workspaceId, numberId }, reactions)
    })
  for (const status of ['sent', 'delivered']) {
    for (const id of messages.toReversed())
      await rig.rows('update messages set status = null, replied_at = null where id = $1', [id])
    const told = messages.map((id) => statusOf(id, status))
    await Promise.all([answer(), receiveStatuses(em(), numberAccess(), told)])
  }
  const [row] = await rig.rows(
    'select count(replied_at)::int as replied, count(status)::int as told from messages where id = any($1)',
    [messages],
  )
  expect(row).toEqual({ replied: 300, told: 300 })
})

test('deltas are counted once, however many workers fold at once and whoever is killed over it', async () => {
  const journeyId = await makeJourney()
  const add = () =>
    rig.rows(
      `insert into journey_deltas (workspace_id, journey_id, version_id, day, counts)
       select j.workspace_id, j.id, j.published_version_id, now(), jsonb_build_object('card-entered|' || n % 7 || '|', 1)
       from journeys j, generate_series(1, 12000) n where j.id = $1`,
      [journeyId],
    )
  await add()
  const kill = () =>
    rig.rows<{ pid: number }>(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state <> 'idle'
         and pid <> pg_backend_pid() and query like '%with taken as%'`,
    )
  let killed = 0
  for (let round = 0; round < 5; round++) {
    const folding = Promise.allSettled(Array.from({ length: 4 }, () => foldDeltas(rig.deps)))
    const adding = round < 2 ? add() : undefined
    for (let at = 0; at < 10; at++) killed += (await kill()).length
    await Promise.all([folding, adding])
  }
  expect(killed).toBeGreaterThan(0)
  await foldDeltas(rig.deps)
  const [sum] = await rig.rows(
    `select sum(n) filter (where day = '-infinity')::int as ever, sum(n) filter (where day <> '-infinity')::int as days
     from journey_counters where journey_id = $1 and metric = 'card-entered'`,
    [journeyId],
  )
  expect(sum).toEqual({ ever: 36_000, days: 36_000 })
  expect(await rig.rows('select 1 from journey_deltas')).toEqual([])
}, 60_000)

test('who is merged or erased leaves the counts; the merged are one person, the erased are nobody', async () => {
  const journeyId = await makeJourney()
  const [ann, twin, bob] = [await addContact('Ann'), await addContact('Ann too'), await addContact('Bob')]
  for (const contactId of [ann, twin, bob])
    await addMessages(await addRun(journeyId, contactId), contactId, 1)
  const totals = () => rig.ask<{ entered: number }>(200, 'GET', `/journeys/${journeyId}/report`)
  const users = async () =>
    (
      await rig.ask<Page<{ name: string | null; phone: string | null; contactId: string }>>(
        ...[200, 'GET', `/journeys/${journeyId}/users`],
      )
    ).items.map(({ name, phone, contactId }) => ({ contactId, name, hasPhone: phone !== null }))
  const before = await totals()
  const counts = await countsOf(journeyId)
  expect(before).toMatchObject({ entered: 3, completed: 3 })
  await rig.ask(200, 'POST', `/contacts/${ann}/merge`, { otherId: twin })
  expect(await users()).toEqual([
    { contactId: bob, name: 'Bob', hasPhone: true },
    { contactId: ann, name: 'Ann', hasPhone: true },
  ])
  await rig.ask(204, 'DELETE', `/contacts/${bob}`)
  expect(await users()).toEqual([
    { contactId: bob, name: null, hasPhone: false },
    { contactId: ann, name: 'Ann', hasPhone: true },
  ])
  const csv = await rig.api.ask('GET', `/platform/v1/journeys/${journeyId}/users/csv`, {
    token: rig.ours.key,
  })
  expect(csv.text).not.toContain('Bob')
  expect(await totals()).toEqual(before)
  await rebuildReports(rig.deps, { workspaceId: rig.ours.workspaceId, journeyId })
  expect(await totals()).toEqual(before)
  expect(await countsOf(journeyId)).toEqual(counts)
})
