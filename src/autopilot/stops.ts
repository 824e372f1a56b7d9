import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { goOnWithRuns, stopRunsOf } from './stop-runs.ts'

/** What a number's campaigns have to heed right now. */
export interface NumberStops {
  campaigns: { id: string; reason: string; untilMs: number | null } | undefined
  /** Share of the speed at which campaigns go on. */
  pace: number
  /** Names of templates that are not to be sent, and why. */
  templates: Map<string, string>
}
export type StopScope = 'campaigns' | 'template' | 'pace'

interface LiveRow {
  id: string
  scope: StopScope
  template: string | null
  reason: string
  factor: number | null
  until_ms: number | null
}

/** Read in the transaction that claims a chunk: a stop takes hold with the next one. */
export async function findStops(em: Em, workspaceId: string, numberId: string): Promise<NumberStops> {
  const rows = await em.execute<LiveRow[]>(
    `select id, scope, template, reason, factor, extract(epoch from until)::float8 * 1000 as until_ms from number_stops
     where workspace_id = ? and number_id = ? and lifted_at is null and (until is null or until > now())`,
    [workspaceId, numberId],
  )
  const campaigns = rows.find(({ scope }) => scope === 'campaigns')
  return {
    campaigns: campaigns && { id: campaigns.id, reason: campaigns.reason, untilMs: campaigns.until_ms },
    pace: rows.find(({ scope }) => scope === 'pace')?.factor ?? 1,
    templates: new Map(
      rows.flatMap(({ scope, template, reason }) =>
        scope === 'template' && template !== null ? [[template, reason] as const] : [],
      ),
    ),
  }
}

export interface NewStop {
  workspaceId: string
  numberId: string
  scope: StopScope
  template?: string | undefined
  code?: string | undefined
  reason: string
  /** `autopilot`, `user <id>` … */
  by: string
  factor?: number | undefined
  /** Until somebody lifts it when absent. */
  forMs?: number | undefined
  causeId?: string | undefined
}

/** Errors of one breath tell of one overload: the speed is brought down once for them. */
const breath = `interval '3 seconds'`
const slowest = 0.02

/**
 * Places a stop, or lengthens the one that is there. Call in a transaction; what has been stopped already stays so, and what
 * is told again changes nothing but the end.
 */
export async function placeStop(em: Em, stop: NewStop): Promise<string> {
  const { workspaceId, numberId, scope, template, code, reason, by, factor, forMs, causeId } = stop
  const factId = newId()
  const [row] = await em.execute<{ id: string; is_new: boolean }[]>(
    `insert into number_stops as s (id, workspace_id, number_id, scope, template, code, reason, by, factor, until, fact_id)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?::real, now() + ?::float8 * interval '1 millisecond', ?)
     on conflict (number_id, scope, coalesce(template, '')) where lifted_at is null do update set
       factor = case when s.placed_at < now() - ${breath} then greatest(${slowest}, s.factor * excluded.factor) else s.factor end,
       placed_at = case when s.scope = 'pace' and s.placed_at < now() - ${breath} then now() else s.placed_at end,
       until = nullif(greatest(coalesce(s.until, 'infinity'), coalesce(excluded.until, 'infinity')), 'infinity'),
       code = coalesce(excluded.code, s.code), reason = excluded.reason
     returning id, fact_id = ? as is_new`,
    [
      ...[newId(), workspaceId, numberId, scope, template ?? null, code ?? null, reason, by, factor ?? null],
      ...[forMs ?? null, factId, factId],
    ],
  )
  if (!row) throw new Error('the stop was neither placed nor there')
  if (row.is_new) {
    const data = {
      ...{ stop: row.id, number: numberId, scope, reason, by },
      ...{ template: template ?? null, code: code ?? null },
    }
    await recordFacts(em, workspaceId, [
      { id: factId, atMs: Date.now(), kind: 'number.stopped', causeId, data },
    ])
  }
  if (scope === 'campaigns') await stopRunsOf(em, { workspaceId, numberId, reason, causeId: factId })
  return row.id
}

export interface StopRow {
  id: string
  numberId: string
  scope: StopScope
  template: string | null
  code: string | null
  reason: string
  by: string
  factor: number | null
  until: string | null
  placedAt: string
  liftedAt: string | null
  liftedBy: string | null
}

/** Newest first. @param before the id of the last one of the page before */
export async function listStops(
  em: Em,
  { workspaceId, numberId, stopId, live = false, before, limit = 200 }: StopFilter,
): Promise<StopRow[]> {
  return em.execute<StopRow[]>(
    `select id, number_id as "numberId", scope, template, code, reason, by, factor,
       ${isoTime('until')} as until, ${isoTime('placed_at')} as "placedAt",
       ${isoTime('lifted_at')} as "liftedAt", lifted_by as "liftedBy" from number_stops
     where workspace_id = ? and (?::uuid is null or number_id = ?) and (?::uuid is null or id = ?)
       and (not ?::boolean or lifted_at is null) and (?::uuid is null or id < ?) order by id desc limit ?`,
    [
      ...[workspaceId, numberId ?? null, numberId ?? null, stopId ?? null, stopId ?? null],
      ...[live, before ?? null, before ?? null, limit],
    ],
  )
}
interface StopFilter {
  workspaceId: string
  numberId?: string
  stopId?: string
  live?: boolean
  before?: string | undefined
  limit?: number
}

/** Whoever places a stop sees whether another has just been lifted, and the other way round. */
export async function lockStops(em: Em, numberId: string): Promise<void> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 12))', [numberId])
}

/** Lifts stops that a condition on `s` picks; what stood still because of them goes on. Call in a transaction. */
export async function liftStops(
  em: Em,
  { workspaceId, by }: { workspaceId: string; by: string },
  condition: string,
  values: unknown[],
): Promise<{ lifted: number; outbox: OutboxRow[] }> {
  const numbers = await em.execute<{ id: string }[]>(
    `select distinct s.number_id as id from number_stops s where s.workspace_id = ? and s.lifted_at is null and ${condition}
     order by 1`,
    [workspaceId, ...values],
  )
  for (const { id } of numbers) await lockStops(em, id)
  const lifted = await em.execute<{ id: string; number_id: string; scope: StopScope; fact_id: string }[]>(
    `update number_stops s set lifted_at = clock_timestamp(), lifted_by = ? where s.workspace_id = ? and s.lifted_at is null and ${condition}
     returning s.id, s.number_id, s.scope, s.fact_id`,
    [by, workspaceId, ...values],
  )
  await recordFacts(
    em,
    workspaceId,
    lifted.map(({ id, number_id, scope, fact_id }) => ({
      ...{ id: newId(), atMs: Date.now(), kind: 'number.released', causeId: fact_id },
      data: { stop: id, number: number_id, scope, by },
    })),
  )
  const outbox: OutboxRow[] = []
  for (const numberId of new Set(lifted.map(({ number_id }) => number_id)))
    outbox.push(...(await goOnWithRuns(em, { workspaceId, numberId, by })))
  return { lifted: lifted.length, outbox }
}
