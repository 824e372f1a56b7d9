import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import { adHoc } from '../db/prepared-statements.ts'
import type { Deps } from '../deps.ts'
import { changesChannel } from '../events/note-changes.ts'
import type { Condition } from '../model/conditions.ts'
import { compileForAll } from './compile-for-all.ts'
import { tuneForManyContacts } from './query-tuning.ts'

/** Conditions on time hold or fail without any change; a minute is how late that may be noticed. */
const timeDependentEvery = '1 minute'
/** All others agree with their changes already; looking again mends what an unforeseen order left behind. */
const othersEvery = '6 hours'
/** Contacts queued in one go; the rest is found in the next round. */
const maximumFound = 20_000

/** A segment that takes longer than this to judge is too slow to be live; the log names it. */
const maximumSweepMs = 60_000

interface DueSegment {
  id: string
  workspace_id: string
  condition: Condition
}

/**
 * Compares due live segments with what their conditions say now, and queues the contacts where both differ: the engine then
 * judges those again, under its locks. Returns how many contacts were queued.
 */
export async function sweepSegments(deps: Deps): Promise<number> {
  let queued = 0
  for (;;) {
    const segment = await takeDue(deps.orm.em.fork())
    if (!segment) return queued
    try {
      queued += await queueDifferences(forkFor(deps.orm, segment.workspace_id), segment)
    } catch (error) {
      // The others are not to wait for it; its own next turn comes.
      deps.log.warn({ err: error, segment: segment.id }, 'a live segment could not be swept')
    }
  }
}

/** A segment whose first members are still being found is left alone. */
async function takeDue(em: Em): Promise<DueSegment | undefined> {
  const [due] = await em.execute<DueSegment[]>(
    `update segments set swept_at = now() where id in (
       select id from segments where kind = 'live' and deleted_at is null and evaluated_at is not null
         and (swept_at is null or swept_at < now() - interval '${othersEvery}'
           or time_dependent and swept_at < now() - interval '${timeDependentEvery}')
       order by swept_at nulls first limit 1 for update skip locked)
     returning id, workspace_id, condition`,
  )
  return due
}

async function queueDifferences(em: Em, segment: DueSegment): Promise<number> {
  const { id, workspace_id } = segment
  const different = await em.transactional((tx) => findDifferent(tx, segment))
  if (different.length === 0) return 0
  const factId = newId()
  await em.transactional(async (tx) => {
    await recordFacts(tx, workspace_id, [
      {
        id: factId,
        atMs: Date.now(),
        kind: 'segment.swept',
        data: { segment: id, contacts: different.length },
      },
    ])
    await tx.execute(
      `with queued as (
         insert into contact_changes (workspace_id, contact_id, keys, cause_id)
         select ?, n::uuid, array['self:' || ?], ? from jsonb_array_elements_text(?::jsonb) as n returning 1)
       select pg_notify('${changesChannel}', '') from queued limit 1`,
      [workspace_id, id, factId, JSON.stringify(different.map((row) => row.id))],
    )
  })
  return different.length
}

async function findDifferent(em: Em, { id, workspace_id: workspaceId, condition }: DueSegment) {
  await tuneForManyContacts(em, maximumSweepMs)
  const { sql, params } = await compileForAll(em, condition, { workspaceId, nowMs: Date.now() })
  return em.execute<{ id: string }[]>(
    `${adHoc}select c.id from contacts c left join segment_members m on m.segment_id = ? and m.contact_id = c.id
     where c.workspace_id = ? and c.merged_into is null and (m.contact_id is not null) <> coalesce((${sql}), false)
     limit ${maximumFound}`,
    [id, workspaceId, ...params],
  )
}
