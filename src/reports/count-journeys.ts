import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'

/** What a list of journeys says of each. */
export interface JourneyNumbers {
  entered: number
  inside: number
  completed: number
  goalReached: number
  stuck: number
}

/** Of all time, from the counters; who is stuck is looked up, since it is nothing that adds up. */
export async function countJourneys(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  journeyIds: string[],
): Promise<Map<string, JourneyNumbers>> {
  const ids = JSON.stringify(journeyIds)
  const sum = (condition: string) => `coalesce(sum(n) filter (where ${condition}), 0)::float8`
  const came = `metric in ('entered', 'restarted', 'moved-in')`
  const rows = await forkFor(deps.orm, workspaceId).execute<(JourneyNumbers & { id: string })[]>(
    `select asked.id, coalesce(c.entered, 0) as entered, coalesce(c.inside, 0) as inside,
       coalesce(c.completed, 0) as completed, coalesce(c."goalReached", 0) as "goalReached", s.stuck
     from (select jsonb_array_elements_text(?::jsonb)::uuid as id) asked
     left join lateral (
       select ${sum(`metric = 'entered'`)} as entered, ${sum(`metric = 'goal'`)} as "goalReached",
         ${sum(came)} - ${sum(`metric in ('ended', 'moved-out')`)} as inside,
         ${sum(`metric = 'ended' and card_id = 'completed'`)} as completed
       from journey_counts where workspace_id = ? and journey_id = asked.id and day = '-infinity'
         and metric in ('entered', 'restarted', 'moved-in', 'moved-out', 'ended', 'goal')
     ) c on true
     cross join lateral (
       select count(*)::int as stuck from runs
       where workspace_id = ? and journey_id = asked.id and state = 'stuck' and ended_at is null
     ) s`,
    [ids, workspaceId, workspaceId],
  )
  return new Map(rows.map(({ id, ...numbers }) => [id, numbers]))
}
