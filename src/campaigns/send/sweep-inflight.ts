import type { Em } from '../../db/orm.ts'
import { countedRows, countingMessages } from '../../reports/count-messages.ts'

/**
 * Messages of which nobody has heard how their call ended, and no status either: what matters is sent again, and marketing never
 * twice. Returns how many there were.
 */
export async function sweepInflight(
  em: Em,
  { workspaceId, runId, reconcileMs }: { workspaceId: string; runId: string; reconcileMs: number },
): Promise<number> {
  const swept = await em.execute<object[]>(
    `with swept as (
       update messages m set state = case when m.class = 'utility' then 'planned' else 'unknown' end,
         due_at = case when m.class = 'utility' then now() end,
         reason = coalesce(nullif(m.reason, ''), 'nobody knows whether it arrived')
       where m.state = 'inflight' and m.inflight_at < now() - ? * interval '1 millisecond' and m.campaign_run_id = ?
         and m.workspace_id = ? returning m.id, ${countedRows}),
     ${countingMessages('swept')}
     select id from swept`,
    [reconcileMs, runId, workspaceId],
  )
  return swept.length
}
