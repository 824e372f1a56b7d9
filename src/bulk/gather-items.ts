import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { sql } from '../segments/fragment.ts'
import { lockBulk, type BulkRow } from './find-bulk.ts'
import { kindOf, runsOf } from './start-bulk.ts'

/** Rows of one transaction: some hundred milliseconds. */
const pageSize = 5_000

/** Puts a page of the runs that fit on the list, and moves the cursor with it. Returns whether all are on it. */
export async function gatherItems(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, operationId }: { workspaceId: string; operationId: string },
): Promise<boolean> {
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const operation = await lockBulk(em, workspaceId, operationId)
    if (operation.state !== 'pending') return true
    const last = await gatherPage(em, operation)
    const kind = kindOf(operation.kind)
    if (!last) await kind.alsoGather?.(em, { workspaceId, operationId }, operation.order)
    await em.execute(
      `update bulk_operations set gathered_after = ?, updated_at = now(),
         state = case when ? then 'running' else state end, gathered_at = case when ? then now() end,
         total = (select count(*) from bulk_items where operation_id = bulk_operations.id) where workspace_id = ? and id = ?`,
      [last ?? null, !last, !last, workspaceId, operationId],
    )
    return last === undefined
  })
}

/** Runs that began after the operation are not among them. Returns the last one's id, when there may be more. */
async function gatherPage(em: Em, operation: BulkRow): Promise<string | undefined> {
  const { id, workspaceId, gatheredAfter, canary } = operation
  const fits = runsOf(operation)
  const after = gatheredAfter === null ? sql`true` : sql`r.id > ${gatheredAfter}`
  // A canary is to be a fair sample; without one, who has waited longest goes first.
  const place = canary
    ? sql`hashtextextended(r.id::text, 0)`
    : sql`extract(epoch from coalesce(r.due_at, r.updated_at))`
  const page = sql`with page as (
      select r.id, ${place} as place from runs r where ${fits} and ${after} and r.id < ${id}::uuid order by r.id limit ${pageSize}),
    listed as (
      insert into bulk_items (operation_id, item_id, workspace_id, place)
      select ${id}::uuid, page.id, ${workspaceId}::uuid, page.place from page on conflict do nothing)
    select id from page order by id desc limit 1`
  const [row] = await em.execute<{ id: string }[]>(page.sql, page.params)
  return row?.id
}
