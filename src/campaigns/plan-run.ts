import { recordFacts } from '../analytics/facts.ts'
import { countAudience } from '../campaign-reports/count-recipients.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import { adHoc } from '../db/prepared-statements.ts'
import type { Deps } from '../deps.ts'
import { sql, type Fragment } from '../segments/fragment.ts'
import { tuneForManyContacts } from '../segments/query-tuning.ts'
import { findRun, type RunRow } from './find-runs.ts'
import { gatherAudience } from './gather-audience.ts'
import { leaveOut, listLanes, type Lane } from './leave-out.ts'
import { placeInTime } from './place-in-time.ts'
import { hashSeed, shareOut } from './share-out.ts'

export interface Planned {
  /** False when nothing is to be sent any more: the run was cancelled, or has ended. */
  goesOn: boolean
  audience: number
  intended: number
  skipped: number
}

/**
 * Settles whom a run goes to, from which number, with which message and when: one row a person, in one transaction, by SQL
 * alone. Asked again it says what there is. Meanwhile the run's row is free: who pauses or cancels does not wait.
 */
export async function planRun(
  deps: Pick<Deps, 'orm' | 'log'>,
  { workspaceId, runId }: { workspaceId: string; runId: string },
): Promise<Planned> {
  const em = forkFor(deps.orm, workspaceId)
  await em.execute(
    `update campaign_runs set state = 'planning', updated_at = now() where workspace_id = ? and id = ? and state = 'scheduled'`,
    [workspaceId, runId],
  )
  return em.transactional(async (tx) => {
    // Two workers may be told to plan the same run: the second one finds it planned.
    await tx.execute('select pg_advisory_xact_lock(hashtextextended(?, 22))', [`plan ${runId}`])
    const run = await findRun(tx, workspaceId, runId)
    if (run.plannedAt !== null || run.endedAt !== null) return sayPlanned(run)
    await tuneForManyContacts(tx, 0)
    const lanes = await listLanes(tx, run)
    await gatherAudience(tx, run)
    await leaveOut(tx, run, lanes)
    await placeInTime(tx, run)
    await shareOut(tx, run)
    await writeRecipients(tx, run)
    await writeLanes(tx, run, lanes)
    return finish(tx, run)
  })
}

/** In the order of sending: whoever is due first, and among those by chance, so that the first are a fair sample. */
async function writeRecipients(em: Em, { id, workspaceId }: RunRow): Promise<void> {
  const place: Fragment = sql`row_number() over (partition by a.lane, a.reason is null
    order by a.due_at, uuid_hash_extended(a.contact_id, ${hashSeed(id, 'place')}::bigint))`
  const insert = sql`insert into campaign_recipients (run_id, lane, seq, workspace_id, contact_id, variant, due_at, given,
      skipped, skip_reason)
    select ${id}::uuid, a.lane, case when a.reason is null then 1 else -1 end * ${place}, ${workspaceId}::uuid, a.contact_id,
      case when a.reason is null then a.variant end, a.due_at, a.given, a.reason, a.said from campaign_audience a`
  await em.execute(adHoc + insert.sql, insert.params)
}

async function writeLanes(em: Em, { id, workspaceId }: RunRow, lanes: Lane[]): Promise<void> {
  await em.execute(
    `insert into campaign_lanes (run_id, lane, workspace_id, number_id, last_seq)
     select ?, l.lane, ?, l."numberId", coalesce((select max(seq) from campaign_recipients
       where run_id = ? and lane = l.lane and seq > 0), 0)
     from jsonb_to_recordset(?::jsonb) as l(lane int, "numberId" uuid)`,
    [id, workspaceId, id, JSON.stringify(lanes)],
  )
}

/** A run that was paused meanwhile stays so, and is planned; one that was cancelled needs no plan. */
async function finish(em: Em, run: RunRow): Promise<Planned> {
  const { id, workspaceId, campaignId } = run
  const [counts] = await em.execute<
    { audience: number; intended: number; reasons: Record<string, number> }[]
  >(
    `select coalesce(sum(n), 0)::int as audience, coalesce(sum(n) filter (where reason = ''), 0)::int as intended,
       coalesce(jsonb_object_agg(reason, n) filter (where reason <> ''), '{}') as reasons
     from (select coalesce(reason, '') as reason, count(*) as n from campaign_audience group by 1) s`,
  )
  const { audience = 0, intended = 0, reasons = {} } = counts ?? {}
  const skipped = audience - intended
  const moved = await em.execute<object[]>(
    `update campaign_runs set audience = ?, intended = ?, skipped = ?, planned_at = now(), updated_at = now(),
       follow_up_at = case when jsonb_array_length(definition -> 'followUps') > 0 then now() end,
       sending_at = case when state = 'planning' then now() end, state = case when state = 'planning' then 'sending' else state end
     where workspace_id = ? and id = ? and ended_at is null returning id`,
    [audience, intended, skipped, workspaceId, id],
  )
  if (moved.length === 0) {
    await em.execute('delete from campaign_lanes where run_id = ?', [id])
    await em.execute('delete from campaign_recipients where run_id = ? and lane >= 0', [id])
    return { goesOn: false, audience: 0, intended: 0, skipped: 0 }
  }
  await countAudience(em, run)
  const data = { campaign: campaignId, run: id, number: run.number, audience, intended, skipped, reasons }
  await recordFacts(em, workspaceId, [
    { id: newId(), atMs: Date.now(), kind: 'campaign.planned', runId: id, causeId: run.factId, data },
  ])
  return { goesOn: true, audience, intended, skipped }
}

function sayPlanned({ endedAt, audience, intended, skipped }: RunRow): Planned {
  return {
    goesOn: endedAt === null,
    audience: audience ?? 0,
    intended: intended ?? 0,
    skipped: skipped ?? 0,
  }
}
