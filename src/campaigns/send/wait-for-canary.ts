import { judgeCanary } from '../../autopilot/judge-canary.ts'
import { forkFor } from '../../db/orm.ts'
import type { Deps } from '../../deps.ts'
import { durationMs } from '../../model/schedule.ts'
import type { Lane } from './lane.ts'

/** The first recipients have been written to: after a while it is judged how it went. Says how long that still takes. */
export async function waitForCanary(deps: Pick<Deps, 'orm'>, lane: Lane): Promise<number> {
  const { workspaceId, runId, definition } = lane
  if (!definition.canary) return 0
  const waitMs = durationMs(definition.canary.wait)
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const [row] = await em.execute<{ waited_ms: number; is_judged: boolean }[]>(
      `update campaign_runs set canary = jsonb_build_object('sinceMs', extract(epoch from clock_timestamp()) * 1000) || coalesce(canary, '{}')
       where id = ? and workspace_id = ?
       returning extract(epoch from clock_timestamp())::float8 * 1000 - (canary ->> 'sinceMs')::float8 as waited_ms,
         canary ->> 'verdict' is not null as is_judged`,
      [runId, workspaceId],
    )
    const leftMs = waitMs - (row?.waited_ms ?? 0)
    if (leftMs > 0) return Math.ceil(leftMs)
    if (row?.is_judged === false) await judgeCanary(em, { workspaceId, runId })
    return 0
  })
}
