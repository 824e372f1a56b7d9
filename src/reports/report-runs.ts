import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { loadTally, type CountFilter, type Tally } from './load-counts.ts'

/** What became of the runs of a journey, of one of its versions, or on one day. */
export interface RunTotals {
  entered: number
  restarted: number
  movedIn: number
  movedOut: number
  inside: number
  completed: number
  exited: number
  cancelled: number
  failed: number
  goalReached: number
  /** Of all that entered and restarted. */
  completionRate: number | null
  goalRate: number | null
  reasons: { state: string; reason: string; count: number }[]
}

/** A free text of somebody's may be a reason: there is no end of them. */
const maximumReasons = 100
const endStates = ['completed', 'exited', 'cancelled', 'failed'] as const

/** The totals of a journey. `inside` is always now. */
export async function reportRuns(deps: Pick<Deps, 'orm'>, filter: CountFilter): Promise<RunTotals> {
  const { from, to, ...always } = filter
  const ever = await loadTally(deps, always)
  const ranged = from === undefined && to === undefined ? ever : await loadTally(deps, filter)
  return totalsOf(ranged, ever)
}

function totalsOf(tally: Tally, ever: Tally): RunTotals {
  const entered = tally.total('entered')
  const restarted = tally.total('restarted')
  const goalReached = tally.total('goal')
  const rate = (part: number) => (entered + restarted > 0 ? part / (entered + restarted) : null)
  const [completed, exited, cancelled, failed] = endStates.map((state) => tally.total('ended', state))
  return {
    entered,
    restarted,
    movedIn: tally.total('moved-in'),
    movedOut: tally.total('moved-out'),
    inside: insideOf(ever),
    ...{ completed: completed ?? 0, exited: exited ?? 0, cancelled: cancelled ?? 0, failed: failed ?? 0 },
    goalReached,
    completionRate: rate(completed ?? 0),
    goalRate: rate(goalReached),
    reasons: endStates
      .flatMap((state) =>
        tally.byDetail('ended', state).map(({ detail, n }) => ({ state, reason: detail, count: n })),
      )
      .sort((a, b) => b.count - a.count)
      .slice(0, maximumReasons),
  }
}

function insideOf(ever: Tally): number {
  const came = ever.total('entered') + ever.total('restarted') + ever.total('moved-in')
  return came - ever.total('ended') - ever.total('moved-out')
}

export interface VersionTotals extends RunTotals {
  version: number
  versionId: string
  publishedAt: string
}

/** The totals of each version, newest first. */
export async function reportVersions(
  deps: Pick<Deps, 'orm'>,
  filter: CountFilter,
  versions: { id: string; number: number; publishedAt: Date }[],
): Promise<VersionTotals[]> {
  const { from, to, ...always } = filter
  const ever = await loadTally(deps, always)
  const ranged = from === undefined && to === undefined ? ever : await loadTally(deps, filter)
  return versions.map(({ id, number, publishedAt }) => ({
    version: number,
    versionId: id,
    publishedAt: publishedAt.toISOString(),
    ...totalsOf(ranged.ofVersion(id), ever.ofVersion(id)),
  }))
}

export interface DayTotals {
  day: string
  entered: number
  restarted: number
  completed: number
  exited: number
  cancelled: number
  failed: number
  goalReached: number
}

/** Days on which anything happened to a run, newest first. */
export async function reportDays(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, journeyId, versionId, from, to }: CountFilter,
): Promise<DayTotals[]> {
  const ended = (state: string) =>
    `coalesce(sum(n) filter (where metric = 'ended' and card_id = '${state}'), 0)::float8 as "${state}"`
  const of = (metric: string, name: string) =>
    `coalesce(sum(n) filter (where metric = '${metric}'), 0)::float8 as "${name}"`
  return forkFor(deps.orm, workspaceId).execute<DayTotals[]>(
    `select to_char(day, 'YYYY-MM-DD') as day, ${of('entered', 'entered')}, ${of('restarted', 'restarted')},
       ${endStates.map(ended).join(', ')}, ${of('goal', 'goalReached')}
     from journey_counts c where workspace_id = ? and journey_id = ? and c.day >= ?::date and c.day <= ?::date
       and (?::uuid is null or version_id = ?::uuid)
       and metric in ('entered', 'restarted', 'ended', 'goal')
     group by c.day order by c.day desc`,
    [
      ...[workspaceId, journeyId, from ?? '0001-01-01', to ?? '9999-12-31'],
      ...[versionId ?? null, versionId ?? null],
    ],
  )
}
