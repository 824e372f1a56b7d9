import { adHoc } from '../db/prepared-statements.ts'
import type { Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { Condition } from '../model/conditions.ts'
import { compileForAll } from './compile-for-all.ts'
import { tuneForManyContacts } from './query-tuning.ts'

/** Contacts of one transaction. */
const batchSize = 20_000
/** Longer than a batch takes; who does not come back in that time has died. */
const leaseSeconds = 120

type Parts = Pick<Deps, 'orm' | 'background'>

/** Finds the members of a new or changed condition, out of the caller's way. */
export function backfillSoon(deps: Parts, backfillId: string): void {
  deps.background.run('members of a live segment', () => backfill(deps, backfillId))
}

/** Takes up what a process left when it died. Returns how many segments it finished. */
export async function resumeBackfills(deps: Pick<Deps, 'orm'>): Promise<number> {
  const left = await deps.orm.em.fork().execute<{ backfill_id: string }[]>(
    `select backfill_id from segments where evaluated_at is null and deleted_at is null and backfill_id is not null
       and coalesce(backfill_until, updated_at + interval '1 minute') < now()`,
  )
  for (const { backfill_id } of left) await backfill(deps, backfill_id)
  return left.length
}

interface Backfill {
  id: string
  name: string
  workspace_id: string
  condition: Condition
  backfill_cause_id: string
  backfill_staged: boolean
}

/**
 * Everybody for whom the condition holds is written down in one statement; membership then follows in short transactions, in
 * the order of ids. A newer condition of the segment has another id of its backfill, and ends this one at its next step.
 */
async function backfill(deps: Pick<Deps, 'orm'>, backfillId: string): Promise<void> {
  const em = () => deps.orm.em.fork()
  const [segment] = await em().execute<Backfill[]>(
    `update segments set backfill_until = now() + interval '${leaseSeconds} seconds'
     where backfill_id = ? and evaluated_at is null and deleted_at is null
       and (backfill_until is null or backfill_until < now())
     returning id, name, workspace_id, condition, backfill_cause_id, backfill_staged`,
    [backfillId],
  )
  if (!segment) return
  if (!segment.backfill_staged) await em().transactional((tx) => stage(tx, backfillId, segment))
  while (await em().transactional((tx) => applyBatch(tx, backfillId, segment)));
  await em().execute('delete from segment_candidates where backfill_id = ?', [backfillId])
}

async function stage(em: Em, backfillId: string, segment: Backfill): Promise<void> {
  const { workspace_id: workspaceId, condition } = segment
  await tuneForManyContacts(em, 0)
  const { sql, params } = await compileForAll(em, condition, { workspaceId, nowMs: Date.now() })
  await em.execute('delete from segment_candidates where backfill_id = ?', [backfillId])
  await em.execute(
    `${adHoc}insert into segment_candidates (backfill_id, contact_id)
     select ?, c.id from contacts c where c.workspace_id = ? and c.merged_into is null and (${sql})`,
    [backfillId, workspaceId, ...params],
  )
  await em.execute('update segments set backfill_staged = true where backfill_id = ?', [backfillId])
}

/** One range of ids: who is to be in and is not enters, who is in and is not to be leaves. False when it was the last. */
async function applyBatch(em: Em, backfillId: string, segment: Backfill): Promise<boolean> {
  const [state] = await em.execute<{ backfill_after: string | null }[]>(
    `select backfill_after from segments where backfill_id = ? and evaluated_at is null and deleted_at is null
     for no key update`,
    [backfillId],
  )
  if (!state) return false
  const after = state.backfill_after ?? '00000000-0000-0000-0000-000000000000'
  const [range] = await em.execute<{ last: string | null }[]>(
    `select max(id::text) as last from (
       (select contact_id as id from segment_candidates where backfill_id = ? and contact_id > ?
        order by contact_id limit ${batchSize})
       union
       (select contact_id from segment_members where segment_id = ? and contact_id > ?
        order by contact_id limit ${batchSize})
       order by id limit ${batchSize}) as next`,
    [backfillId, after, segment.id, after],
  )
  if (!range?.last) return finish(em, backfillId, segment)
  await moveMembers(em, backfillId, segment, after, range.last)
  await em.execute(
    `update segments set backfill_after = ?, backfill_until = now() + interval '${leaseSeconds} seconds' where backfill_id = ?`,
    [range.last, backfillId],
  )
  return true
}

/** Recorded, but no event: a segment that is set up is no news of its contacts, and must not start thousands of journeys. */
async function moveMembers(
  em: Em,
  backfillId: string,
  segment: Backfill,
  after: string,
  last: string,
): Promise<void> {
  await em.execute(
    `with entered as (
       insert into segment_members (segment_id, contact_id, workspace_id, cause_id)
       select ?, c.id, c.workspace_id, ? from segment_candidates n
       join contacts c on c.id = n.contact_id and c.merged_into is null
       where n.backfill_id = ? and n.contact_id > ? and n.contact_id <= ?
       on conflict do nothing returning contact_id),
     gone as (
       delete from segment_members m where m.segment_id = ? and m.contact_id > ? and m.contact_id <= ?
         and not exists (select 1 from segment_candidates n where n.backfill_id = ? and n.contact_id = m.contact_id)
       returning contact_id)
     insert into facts (id, workspace_id, at, kind, contact_id, cause_id, data)
     select uuidv7(), ?, now(), moved.kind, moved.contact_id, ?, ?::jsonb from (
       select 'segment.entered' as kind, contact_id from entered
       union all select 'segment.left', contact_id from gone) as moved`,
    [
      ...[segment.id, segment.backfill_cause_id, backfillId, after, last],
      ...[segment.id, after, last, backfillId],
      ...[segment.workspace_id, segment.backfill_cause_id],
      JSON.stringify({ segment: segment.id, name: segment.name, backfill: true }),
    ],
  )
}

/**
 * The next sweep compares the segment with its condition once more, for what changed meanwhile; and after it those that look
 * at this one.
 */
async function finish(em: Em, backfillId: string, segment: Backfill): Promise<false> {
  await em.execute(
    `update segments set evaluated_at = now(), swept_at = null, backfill_id = null, backfill_until = null, backfill_after = null
     where backfill_id = ?`,
    [backfillId],
  )
  await em.execute(
    `update segments set swept_at = null where workspace_id = ? and deleted_at is null and depends_on @> array[?::text]`,
    [segment.workspace_id, `segment:${segment.id}`],
  )
  return false
}
