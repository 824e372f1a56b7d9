import type { Deps } from '../deps.ts'
import { recountWhole } from './recount-whole.ts'

const ofJourney = 'workspace_id = ? and journey_id = ?'

/** What was written down when it happened: runs, their moves, their steps and their messages. */
const recount = `
with runs_here as materialized (select r.* from runs r where r.${ofJourney}),
moves as materialized (select m.*, utc_day(m.at) as day from journey_moves m where m.${ofJourney}),
steps as (
  select f.version_id, utc_day(f.at) as day, f.kind, f.data ->> 'card' as card, f.data ->> 'outlet' as outlet, f.spent_ms,
    lag(case f.kind when 'card.entered' then f.data ->> 'card' end) over (partition by f.run_id order by f.at, f.id) as stood_at
  from runs_here r join facts f on f.run_id = r.id
  where f.version_id is not null and f.kind in ('card.entered', 'card.left')),
marks (version_id, day, metric, card, detail, n) as (
  select coalesce((select m.from_version_id from moves m where m.run_id = r.id order by m.id limit 1), r.version_id),
    utc_day(r.started_at), case when r.lineage_id = r.id then 'entered' else 'restarted' end, '', '', 1 from runs_here r
  union all select r.version_id, utc_day(r.ended_at), 'ended', r.state, end_reason(r), 1
    from runs_here r where r.ended_at is not null
  union all select r.version_id, utc_day(r.ended_at), 'ended-at', r.at_card, '', 1
    from runs_here r where r.ended_at is not null and r.at_card is not null
  union all select coalesce(r.goal_version_id, r.version_id), utc_day(r.goal_at), 'goal', '', '', 1
    from runs_here r where r.goal_at is not null
  union all select p.version_id, p.day, s.metric, split_part(p.key, '|', 1), split_part(p.key, '|', 2), 1
    from runs_here r left join runs_here first on first.id = r.lineage_id cross join lateral path_marks(r) as p
      cross join lateral (values ('path', not p.inherited), ('path-completed', r.state = 'completed' and not p.completed),
        ('path-goal', first.goal_at is not null and not p.late and not p.inherited)) as s(metric, counts)
    where s.counts
  union all select m.from_version_id, m.day, 'moved-out', '', '', 1 from moves m
  union all select m.to_version_id, m.day, 'moved-in', '', '', 1 from moves m
  union all select m.from_version_id, m.day, 'card-moved', m.at_card, '', 1 from moves m where m.at_card is not null
  union all select m.to_version_id, m.day, 'card-came', m.at_card, '', 1 from moves m where m.at_card is not null
  union all select version_id, day, 'card-entered', card, '', 1 from steps where kind = 'card.entered'
  union all select version_id, day, 'card-moved', stood_at, '', 1 from steps
    where stood_at is not null and (kind = 'card.entered' or stood_at <> card or outlet = 'moved')
  union all select version_id, day, 'card-left', card, outlet, 1 from steps
    where kind = 'card.left' and stood_at = card and outlet <> 'moved'
  union all select version_id, day, 'card-time', card, spent_bucket(spent_ms), 1 from steps
    where kind = 'card.left' and stood_at = card and spent_ms is not null
  union all select f.version_id, utc_day(f.at), 'card-failed', f.data ->> 'card', f.data ->> 'code', 1
    from runs_here r join facts f on f.run_id = r.id where f.version_id is not null and f.kind = 'card.failed'
  union all select m.version_id, k.day, k.metric, m.card_id, k.detail, 1
    from runs_here r join messages m on m.run_id = r.id cross join lateral message_marks(m) as k
    where m.version_id is not null and m.card_id is not null)
insert into journey_counters (workspace_id, journey_id, day, version_id, metric, card_id, detail, n)
select v.workspace_id, v.journey_id, s.day, m.version_id, m.metric, m.card, m.detail, sum(m.n)
from marks m join journey_versions v on v.id = m.version_id
  cross join lateral (values (m.day), ('-infinity'::date)) as s(day) group by 1, 2, 3, 4, 5, 6, 7`

/**
 * Counts a journey anew from its runs, facts and messages, and must come to what was counted under way: for doubts, and for
 * what was written before there were counters. What happens meanwhile is counted once.
 */
export async function rebuildReports(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, journeyId }: { workspaceId: string; journeyId: string },
): Promise<void> {
  await recountWhole(deps, workspaceId, {
    ...{ deltas: 'journey_deltas', counters: 'journey_counters', owner: 'journey_id', id: journeyId },
    ...{ recount, params: [workspaceId, journeyId, workspaceId, journeyId] },
  })
}
