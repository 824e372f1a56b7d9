import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { lockBulk, type BulkRow } from './find-bulk.ts'

/** The last word on an operation, unless somebody had it before. */
export async function endBulk(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, id }: Pick<BulkRow, 'workspaceId' | 'id'>,
  state: 'completed' | 'stopped',
  reason?: string,
): Promise<void> {
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const operation = await lockBulk(em, workspaceId, id)
    if (operation.state !== 'running') return
    await em.execute(
      `update bulk_operations set state = ?, reason = ?, ended_at = now(), updated_at = now() where id = ?`,
      [state, reason ?? null, id],
    )
    const { kind, total, done, skipped, failed, factId } = operation
    const data = { operation: id, kind, state, total, done, skipped, failed, ...(reason && { reason }) }
    await recordFacts(em, workspaceId, [
      { id: newId(), atMs: Date.now(), kind: 'bulk.ended', causeId: factId, data },
    ])
  })
}
