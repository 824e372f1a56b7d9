import type { Em } from '../db/orm.ts'
import type { JourneyFact } from '../../workflows/cards/journey-state.ts'
import type { Mark } from './count-facts.ts'

/** Which run, and by which version it goes. */
export interface Stepping {
  workspaceId: string
  journeyId: string
  versionId: string
  runId: string
  contactId: string | undefined
}

/**
 * Writes the steps of a run and what they count for, in one statement: a fact that is there already counts for nothing. A
 * workflow task that died with its worker tells its facts again with their ids and, maybe, another time. `offset 0` keeps
 * the look-up one by key: as a join, planned while there were few facts and kept, it would read all of them at every step.
 */
export async function recordSteps(
  em: Em,
  { workspaceId, journeyId, versionId, runId, contactId }: Stepping,
  facts: JourneyFact[],
  marks: Mark[],
): Promise<void> {
  if (facts.length === 0) return
  await em.execute(
    `with fresh as (
       insert into facts (id, workspace_id, at, kind, contact_id, run_id, cause_id, data, version_id, spent_ms)
       select f.id, ?, to_timestamp(f.at_ms / 1000.0), f.kind, ?::uuid, ?::uuid, f.cause_id, f.data, ?::uuid, f.spent_ms
       from jsonb_to_recordset(?::jsonb) as
         f(id uuid, at_ms double precision, kind text, cause_id uuid, data jsonb, spent_ms bigint)
       where not exists (select 1 from facts g where g.id = f.id and g.at > now() - interval '2 days'
         and g.at < now() + interval '2 days' offset 0)
       on conflict do nothing returning id, utc_day(at) as day)
     insert into journey_deltas (workspace_id, journey_id, version_id, day, counts)
     select ?, ?, ?, day, jsonb_object_agg(key, n) from (
       select fresh.day, m.key || coalesce(spent_bucket(m.spent_ms), '') as key, count(*) as n
       from jsonb_to_recordset(?::jsonb) as m(fact_id uuid, key text, spent_ms bigint) join fresh on fresh.id = m.fact_id
       group by 1, 2) counted group by day`,
    [
      ...[workspaceId, contactId ?? null, runId, versionId, JSON.stringify(facts.map(toRow))],
      ...[workspaceId, journeyId, versionId],
      JSON.stringify(
        marks.map(({ factId, key, spentMs }) => ({ fact_id: factId, key, spent_ms: spentMs ?? null })),
      ),
    ],
  )
}

function toRow({ id, atMs, kind, causeId, data, spentMs }: JourneyFact) {
  const spent = spentMs === undefined ? null : Math.round(spentMs)
  return { id, at_ms: atMs, kind, cause_id: causeId || null, data, spent_ms: spent }
}
