import { recordFacts } from '../analytics/facts.ts'
import { derivedId, newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { enqueue, type OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { joined, type Fragment } from '../segments/fragment.ts'
import { bulkWorkflowId } from '../../workflows/contract.ts'
import type { BulkKind } from './bulk-kind.ts'
import type { Canary, Selection } from './bulk-schema.ts'
import { findBulk, findLive, type BulkRow } from './find-bulk.ts'
import { bulkKinds } from './kinds.ts'
import { selectRuns } from './select-runs.ts'

export interface BulkOrder {
  workspaceId: string
  kind: string
  selection: Selection
  order: JsonObject
  ratePerMinute?: number | undefined
  spreadHours?: number | undefined
  canary?: Canary | undefined
  by: string
  causeId?: string | undefined
}

/** Work under way at once; more than that is a mistake of a script. */
const maximumLive = 50

/** Starts an operation, or gives back the one under way that does the same. */
export async function startBulk(
  deps: Deps,
  order: BulkOrder,
): Promise<{ operation: BulkRow; isNew: boolean }> {
  const { operation, isNew, outbox } = await forkFor(deps.orm, order.workspaceId).transactional((em) =>
    createBulk(em, order),
  )
  relaySoon(deps, outbox)
  return { operation, isNew }
}

/** The same in the caller's transaction: relay the outbox after its commit. */
export async function createBulk(
  em: Em,
  given: BulkOrder,
): Promise<{ operation: BulkRow; isNew: boolean; outbox: OutboxRow[] }> {
  const { workspaceId, kind, selection, order, ratePerMinute, spreadHours, canary, by } = given
  const digest = digestOf(given)
  const id = newId()
  const factId = newId()
  const workflowId = bulkWorkflowId(workspaceId, id)
  const inserted = await em.execute<object[]>(
    `insert into bulk_operations (id, workspace_id, kind, selection, instruction, digest, rate_per_minute, spread_hours, canary,
       workflow_id, fact_id, by) values (?, ?, ?, ?::jsonb, ?::jsonb, ?, ?, ?, ?::jsonb, ?, ?, ?)
     on conflict (workspace_id, digest) where state in ('pending', 'running', 'paused') do nothing returning id`,
    [
      ...[id, workspaceId, kind, JSON.stringify(selection), JSON.stringify(order), digest],
      ...[ratePerMinute ?? null, spreadHours ?? null, canary ? JSON.stringify(canary) : null],
      ...[workflowId, factId, by],
    ],
  )
  if (inserted.length === 0) {
    const operation = await findLive(em, workspaceId, digest)
    if (!operation) throw new AppError('conflict', 'the same operation has ended this very moment')
    return { operation, isNew: false, outbox: [] }
  }
  await refuseTooMany(em, workspaceId)
  const data = { operation: id, kind, selection: selection as JsonObject, order, by }
  await recordFacts(em, workspaceId, [
    { id: factId, atMs: Date.now(), kind: 'bulk.started', causeId: given.causeId, data },
  ])
  const outbox = await enqueue(em, [{ name: 'bulk', workflowId, payload: { workspaceId, operationId: id } }])
  return { operation: await findBulk(em, workspaceId, id), isNew: true, outbox }
}

/** The same words for the same work, in whatever order they were said. */
export function digestOf({
  kind,
  selection,
  order,
}: Pick<BulkOrder, 'kind' | 'selection' | 'order'>): string {
  return derivedId(kind, sayInOrder(selection), sayInOrder(order))
}

function sayInOrder(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(sayInOrder).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, each]) => `${JSON.stringify(name)}:${sayInOrder(each)}`)
    .join(',')}}`
}

async function refuseTooMany(em: Em, workspaceId: string): Promise<void> {
  const [live] = await em.execute<{ n: number }[]>(
    `select count(*)::int as n from bulk_operations where workspace_id = ? and state in ('pending', 'running', 'paused')`,
    [workspaceId],
  )
  if ((live?.n ?? 0) > maximumLive)
    throw new AppError('unprocessable', `at most ${maximumLive} operations run at once: wait for one to end`)
}

/** Of what was stored under a kind that the code still knows. */
export function kindOf(name: string): BulkKind {
  const kind = bulkKinds[name]
  if (!kind) throw new AppError('unprocessable', `there is no bulk operation "${name}"`)
  return kind
}

/** The condition on `runs r` that they are an operation's. */
export function runsOf({ workspaceId, kind, selection, order }: BulkRow): Fragment {
  const { states, fits } = kindOf(kind)
  const selected = selectRuns(workspaceId, selection, states)
  return fits ? joined([selected, fits(order)], ' and ') : selected
}
