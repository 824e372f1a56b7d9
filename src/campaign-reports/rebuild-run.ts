import type { Deps } from '../deps.ts'
import { recountWhole } from '../reports/recount-whole.ts'
import { metricOf } from './count-recipients.ts'

const recount = `
with marks (at, metric, variant, detail, n) as (
  select k.at, k.metric, coalesce(m.variant, ''), k.detail, k.n
  from messages m cross join lateral campaign_moves(null::messages, m) as k
  where m.workspace_id = ? and m.campaign_run_id = ?
  union all
  select date_trunc('minute', r.created_at), ${metricOf('p')}, coalesce(p.variant, ''), coalesce(p.skipped, ''), 1
  from campaign_runs r join campaign_recipients p on p.run_id = r.id and p.lane >= 0 where r.workspace_id = ? and r.id = ?
  union all
  select date_trunc('minute', p.converted_at), 'held-converted', '', '', 1 from campaign_recipients p
  where p.workspace_id = ? and p.run_id = ? and p.converted_at is not null)
insert into campaign_counters (workspace_id, run_id, at, metric, variant, detail, n)
select r.workspace_id, r.id, s.at, m.metric, m.variant, m.detail, sum(m.n)
from marks m join campaign_runs r on r.workspace_id = ? and r.id = ?
  cross join lateral (values (m.at), ('-infinity'::timestamptz)) as s(at) group by 1, 2, 3, 4, 5, 6`

/** Counts a campaign's run anew from its recipients and messages, and must come to what was counted under way. */
export async function rebuildRun(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, runId }: { workspaceId: string; runId: string },
): Promise<void> {
  const run = [workspaceId, runId]
  await recountWhole(deps, workspaceId, {
    ...{ deltas: 'campaign_deltas', counters: 'campaign_counters', owner: 'run_id', id: runId },
    ...{ recount, params: [...run, ...run, ...run, ...run] },
  })
}
