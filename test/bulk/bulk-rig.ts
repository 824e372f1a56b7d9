import { randomInt } from 'node:crypto'
import { newId } from '../../src/db/columns.ts'
import type { Deps } from '../../src/deps.ts'
import type { Config } from '../../src/config.ts'
import { requestRun } from '../../src/journeys/request-run.ts'
import { platformRoutes } from '../../src/server.ts'
import { createApiKey } from '../../src/settings/api-keys.ts'
import { createAsk, openApi } from '../support/api-rig.ts'
import { atFileEnd } from '../support/at-file-end.ts'
import { eventually } from '../support/eventually.ts'
import { faultHouse } from '../faults/fault-house.ts'

export interface Operation {
  id: string
  kind: string
  state: string
  total: number
  done: number
  skipped: number
  failed: number
  reason: string | null
}
export interface Run {
  id: string
  state: string
  outcome: string | null
  cardId: string
  vars: object
  lineageId: string
  contactId: string
  temporal: { workflowId: string }
}
export type BulkRig = Awaited<ReturnType<typeof openBulkRig>>

export const say = (text: string, next: object = {}) => ({ type: 'message', settings: { text }, next })
export const journeyOf = (cards: Record<string, object>, more: object = {}) => ({
  start: Object.keys(cards)[0],
  cards,
  triggers: [{ type: 'api' }],
  ...more,
})
/** Gets stuck at `code` until somebody gives it a code. */
export const needsCode = () =>
  journeyOf({ code: say('Your code: {{vars.code}}', { next: 'bye' }), bye: say('Bye') })

/** A house with the whole platform API, and crowds of contacts who have all just written. */
export async function openBulkRig(config: Partial<Config> = {}) {
  const house = await faultHouse(config)
  // Crowds have an open window by SQL: WhatsApp need not have seen them write.
  await house.settings({ windowErrors: 'off' })
  const { deps, workspaceId, numberId, rows } = house
  const api = await openApi(house.deps.config, platformRoutes)
  atFileEnd(api.close)
  const { key } = await createApiKey(api.deps, { workspaceId, name: 'test', kind: 'platform' })
  const ask = createAsk(api, key)
  const shown = (id: string) => ask<Operation>(200, 'GET', `/bulk-operations/${id}`)
  return {
    ...house,
    ask,
    shown,
    /** Contacts with an open window, by SQL: what they are is not what is tested. */
    async crowd(size: number): Promise<string[]> {
      const first = randomInt(1e9)
      const crowd = Array.from({ length: size }, (_, at) => ({ id: newId(), wa_id: `4930${first + at}` }))
      await rows(
        `with given as (select * from jsonb_to_recordset($1::jsonb) g(id uuid, wa_id text)),
           people as (insert into contacts (id, workspace_id, first_name) select id, $2, 'Ann' from given returning id),
           claims as (insert into identities (id, workspace_id, contact_id, kind, scope, value, source)
             select uuidv7(), $2, id, 'wa_id', '', wa_id, 'test' from given returning id)
         insert into conversations (id, workspace_id, number_id, contact_id, window_ends_at)
         select uuidv7(), $2, $3, id, now() + interval '1 day' from given`,
        [JSON.stringify(crowd), workspaceId, numberId],
      )
      return crowd.map(({ id }) => id)
    },
    async startAll(journeyId: string, contactIds: string[]): Promise<void> {
      const queue = [...contactIds]
      const work = async () => {
        for (let contactId = queue.pop(); contactId; contactId = queue.pop())
          await requestRun(deps, { workspaceId, journeyId, contactId, trigger: 'api', vars: {}, by: 'test' })
      }
      await Promise.all(Array.from({ length: 10 }, work))
    },
    allAre: (journeyId: string, states: Record<string, number>, timeoutMs = 60_000) =>
      eventually(
        async () => {
          const found = await rows<{ state: string; n: number }>(
            'select state, count(*)::int as n from runs where journey_id = $1 group by state',
            [journeyId],
          )
          expect(Object.fromEntries(found.map(({ state, n }) => [state, n]))).toEqual(states)
        },
        { timeoutMs, intervalMs: 100 },
      ),
    accepted: () => countAccepted(house.sandboxUrl),
    ended: (id: string, state = 'completed', timeoutMs = 60_000) =>
      eventually(
        async () => {
          const operation = await shown(id)
          expect(operation).toMatchObject({ state })
          return operation
        },
        { timeoutMs, intervalMs: 50 },
      ),
  }
}

/** Waits until a workflow has taken these signals, in this order among others, and rests. */
export function awaitSignals({ temporal }: Deps, workflowId: string, names: string[]): Promise<void> {
  return eventually(async () => {
    const { events } = await temporal.workflow.getHandle(workflowId).fetchHistory()
    const taken = (events ?? []).flatMap(
      (event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? [],
    )
    expect(taken.filter((name) => names.includes(name))).toEqual(names)
    const last = events?.at(-1)
    expect(last?.workflowExecutionSignaledEventAttributes).toBeFalsy()
    expect(last?.workflowTaskScheduledEventAttributes).toBeFalsy()
    expect(last?.workflowTaskStartedEventAttributes).toBeFalsy()
  })
}

/** How many messages WhatsApp has accepted. */
async function countAccepted(sandboxUrl: string): Promise<number> {
  const response = await fetch(`${sandboxUrl}/sandbox/ledger?limit=1`)
  return ((await response.json()) as { total: number }).total
}
