import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { BulkState, Canary, Selection } from './bulk-schema.ts'

export interface BulkRow {
  id: string
  workspaceId: string
  kind: string
  selection: Selection
  order: JsonObject
  ratePerMinute: number | null
  spreadHours: number | null
  canary: Canary | null
  state: BulkState
  total: number
  done: number
  skipped: number
  failed: number
  gatheredAfter: string | null
  gatheredAt: string | null
  canaryEndsAt: string | null
  canaryPassedAt: string | null
  reason: string | null
  workflowId: string
  factId: string
  by: string
  createdAt: string
  endedAt: string | null
}

const columns = `id, workspace_id as "workspaceId", kind, selection, instruction as "order", rate_per_minute as "ratePerMinute",
  spread_hours as "spreadHours", canary, state, total, done, skipped, failed, gathered_after as "gatheredAfter", reason,
  workflow_id as "workflowId", fact_id as "factId", by, ${isoTime('gathered_at')} as "gatheredAt",
  ${isoTime('canary_ends_at')} as "canaryEndsAt", ${isoTime('canary_passed_at')} as "canaryPassedAt",
  ${isoTime('created_at')} as "createdAt", ${isoTime('ended_at')} as "endedAt"`

export async function findBulk(em: Em, workspaceId: string, id: string): Promise<BulkRow> {
  const [row] = await em.execute<BulkRow[]>(
    `select ${columns} from bulk_operations where workspace_id = ? and id = ?`,
    [workspaceId, id],
  )
  if (!row) throw new AppError('not_found', `bulk operation ${id} does not exist`)
  return row
}

/** The same, held until the caller's transaction ends. */
export async function lockBulk(em: Em, workspaceId: string, id: string): Promise<BulkRow> {
  await em.execute('select 1 from bulk_operations where workspace_id = ? and id = ? for update', [
    workspaceId,
    id,
  ])
  return findBulk(em, workspaceId, id)
}

/** The operation under way that does the same. */
export async function findLive(em: Em, workspaceId: string, digest: string): Promise<BulkRow | undefined> {
  const [row] = await em.execute<BulkRow[]>(
    `select ${columns} from bulk_operations
     where workspace_id = ? and digest = ? and state in ('pending', 'running', 'paused')`,
    [workspaceId, digest],
  )
  return row
}

/** Newest first. */
export async function listBulk(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    kind?: string | undefined
    state?: BulkState | undefined
    before: string | undefined
    limit: number
  },
): Promise<BulkRow[]> {
  const { workspaceId, kind = null, state = null, before = null, limit } = input
  return forkFor(deps.orm, workspaceId).execute<BulkRow[]>(
    `select ${columns} from bulk_operations where workspace_id = ? and (?::uuid is null or id < ?)
       and (?::text is null or kind = ?) and (?::text is null or state = ?) order by id desc limit ?`,
    [workspaceId, before, before, kind, kind, state, state, limit],
  )
}

export const itemStates = ['pending', 'done', 'skipped', 'failed'] as const
export interface ItemRow {
  id: string
  subject: 'run' | 'entrant'
  state: (typeof itemStates)[number]
  reason: string | null
  settledAt: string | null
}

/** By the items' ids. */
export async function listItems(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    operationId: string
    state?: ItemRow['state'] | undefined
    after: string | undefined
    limit: number
  },
): Promise<ItemRow[]> {
  const { workspaceId, operationId, state = null, after = null, limit } = input
  const em = forkFor(deps.orm, workspaceId)
  await findBulk(em, workspaceId, operationId)
  return em.execute<ItemRow[]>(
    `select item_id as id, subject, state, reason, ${isoTime('settled_at')} as "settledAt" from bulk_items
     where operation_id = ? and workspace_id = ? and (?::uuid is null or item_id > ?) and (?::text is null or state = ?)
     order by item_id limit ?`,
    [operationId, workspaceId, after, after, state, state, limit],
  )
}
