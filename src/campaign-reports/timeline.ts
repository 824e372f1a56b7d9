import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'

export const steps = ['minute', 'hour', 'day'] as const
export type Step = (typeof steps)[number]
const shown = ['sent', 'delivered', 'read', 'clicked', 'replied', 'failed', 'converted'] as const

export interface Moment extends Record<(typeof shown)[number], number> {
  at: string
}

const hourMs = 3_600_000

/** The finest step that makes no more than some hundred moments. */
function stepFor(spanMs: number): Step {
  if (spanMs <= 4 * hourMs) return 'minute'
  return spanMs <= 14 * 24 * hourMs ? 'hour' : 'day'
}

/** When what happened to a run's messages; what happened nothing in is left out. Days are those of UTC. */
export async function reportTimeline(
  deps: Pick<Deps, 'orm'>,
  {
    workspaceId,
    runId,
    by,
    after,
    limit,
  }: {
    workspaceId: string
    runId: string
    by?: Step | undefined
    after?: string | undefined
    limit: number
  },
): Promise<{ by: Step; moments: Moment[] }> {
  const em = forkFor(deps.orm, workspaceId)
  const wanted = JSON.stringify(shown)
  const [span] = await em.execute<{ ms: number | null }[]>(
    `select extract(epoch from max(at) - min(at))::float8 * 1000 as ms from campaign_counts
     where workspace_id = ? and run_id = ? and at > '-infinity' and metric in (select jsonb_array_elements_text(?::jsonb))`,
    [workspaceId, runId, wanted],
  )
  const step = by ?? stepFor(span?.ms ?? 0)
  const sums = shown.map(
    (metric) => `coalesce(sum(n) filter (where metric = '${metric}'), 0)::float8 as ${metric}`,
  )
  const moments = await em.execute<Moment[]>(
    `select ${isoTime('t.at')} as at, ${shown.join(', ')} from (
       select date_trunc('${step}', at, 'UTC') as at, ${sums.join(', ')} from campaign_counts
       where workspace_id = ? and run_id = ? and at > '-infinity' and metric in (select jsonb_array_elements_text(?::jsonb))
       group by 1) t
     where t.at > coalesce(?::timestamptz, '-infinity') and (${shown.join(' <> 0 or ')} <> 0) order by t.at limit ?`,
    [workspaceId, runId, wanted, after ?? null, limit],
  )
  return { by: step, moments }
}
