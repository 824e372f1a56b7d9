import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { endBulk } from './end-bulk.ts'
import type { BulkRow } from './find-bulk.ts'

interface CanaryVerdict {
  verdict: 'go' | 'wait' | 'stopped'
  /** How many items may be dealt with before it is judged again. */
  left: number
  waitMs: number
}
const free: CanaryVerdict = { verdict: 'go', left: Number.POSITIVE_INFINITY, waitMs: 0 }

/** The first few items, then a wait, then how they fared: only then the rest. */
export async function judgeCanary(deps: Deps, operation: BulkRow): Promise<CanaryVerdict> {
  const { canary, total, canaryPassedAt, canaryEndsAt } = operation
  if (!canary || canaryPassedAt) return free
  const size = Math.max(1, Math.ceil(canary.share * total))
  const settled = operation.done + operation.skipped + operation.failed
  if (settled < Math.min(size, total)) return { verdict: 'go', left: size - settled, waitMs: 0 }
  if (canaryEndsAt === null) {
    await set(deps, operation, `canary_ends_at = now() + ? * interval '1 second'`, [canary.waitSeconds])
    return { verdict: 'wait', left: 0, waitMs: canary.waitSeconds * 1_000 }
  }
  const waitMs = Date.parse(canaryEndsAt) - Date.now()
  if (waitMs > 0) return { verdict: 'wait', left: 0, waitMs }
  return judge(deps, operation, canary.maximumFailures)
}

async function judge(deps: Deps, operation: BulkRow, maximum: number): Promise<CanaryVerdict> {
  const { tried, bad } = await countFailures(deps, operation)
  if (bad > maximum * tried) {
    const percent = (share: number) => `${Math.round(share * 1_000) / 10}%`
    const reason = `${bad} of the first ${tried} failed or are stuck again (${percent(bad / tried)}; ${percent(maximum)} may)`
    await endBulk(deps, operation, 'stopped', reason)
    return { verdict: 'stopped', left: 0, waitMs: 0 }
  }
  await set(deps, operation, 'canary_passed_at = now()', [])
  return free
}

/** What failed at once, and runs (or those that were started in their place) that got stuck or failed since. */
async function countFailures(
  deps: Deps,
  { id, workspaceId }: BulkRow,
): Promise<{ tried: number; bad: number }> {
  const [row] = await forkFor(deps.orm, workspaceId).execute<{ tried: number; bad: number }[]>(
    `select count(*)::int as tried, count(*) filter (where i.state = 'failed' or exists (
       select 1 from runs o join runs n on n.lineage_id = o.lineage_id
       where o.id = i.item_id and n.workspace_id = ? and n.state in ('stuck', 'failed') and n.updated_at >= i.tried_at
     ))::int as bad
     from bulk_items i where i.operation_id = ? and i.workspace_id = ? and i.state in ('done', 'failed')`,
    [workspaceId, id, workspaceId],
  )
  return row ?? { tried: 0, bad: 0 }
}

async function set(deps: Deps, { id, workspaceId }: BulkRow, what: string, params: number[]): Promise<void> {
  await forkFor(deps.orm, workspaceId).execute(
    `update bulk_operations set ${what}, updated_at = now() where workspace_id = ? and id = ?`,
    [...params, workspaceId, id],
  )
}
