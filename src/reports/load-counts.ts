import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'

/** Which part of a journey's counts. Days are of UTC, both inclusive; without them it is all time. */
export interface CountFilter {
  workspaceId: string
  journeyId: string
  versionId?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

interface CountRow {
  version_id: string
  metric: string
  card_id: string
  detail: string
  n: number
}

/** What was counted: how often a metric came about, in all or at a card, and by its details. */
export interface Tally {
  total(metric: string, cardId?: string): number
  /** The largest first. */
  byDetail(metric: string, cardId?: string): { detail: string; n: number }[]
  cardIds(): string[]
  ofVersion(versionId: string): Tally
}

/** Counters, and what was counted since they were last brought up to date, as of one instant. */
export async function loadTally(deps: Pick<Deps, 'orm'>, filter: CountFilter): Promise<Tally> {
  const { workspaceId, journeyId, versionId, from, to } = filter
  const isAllTime = from === undefined && to === undefined
  const rows = await forkFor(deps.orm, workspaceId).execute<CountRow[]>(
    `select version_id, metric, card_id, detail, sum(n)::float8 as n from journey_counts
     where workspace_id = ? and journey_id = ? and day >= ?::date and day <= ?::date
       and (?::uuid is null or version_id = ?::uuid)
     group by 1, 2, 3, 4`,
    [
      ...[workspaceId, journeyId],
      isAllTime ? '-infinity' : (from ?? '0001-01-01'),
      isAllTime ? '-infinity' : (to ?? '9999-12-31'),
      ...[versionId ?? null, versionId ?? null],
    ],
  )
  return tallyOf(rows)
}

function tallyOf(rows: CountRow[]): Tally {
  const byMetric = Map.groupBy(rows, ({ metric }) => metric)
  const pick = (metric: string, cardId: string | undefined) =>
    (byMetric.get(metric) ?? []).filter((row) => cardId === undefined || row.card_id === cardId)
  return {
    total: (metric, cardId) => pick(metric, cardId).reduce((sum, { n }) => sum + n, 0),
    byDetail(metric, cardId) {
      const sums = new Map<string, number>()
      for (const { detail, n } of pick(metric, cardId)) sums.set(detail, (sums.get(detail) ?? 0) + n)
      return [...sums]
        .filter(([, n]) => n !== 0)
        .map(([detail, n]) => ({ detail, n }))
        .sort((a, b) => b.n - a.n || (a.detail < b.detail ? -1 : 1))
    },
    cardIds: () => [...new Set(rows.map((row) => row.card_id).filter((id) => id !== ''))].sort(),
    ofVersion: (versionId) => tallyOf(rows.filter((row) => row.version_id === versionId)),
  }
}
