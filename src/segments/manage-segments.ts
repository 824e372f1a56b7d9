import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { conditionDependencies } from '../model/condition-dependencies.ts'
import type { Condition } from '../model/conditions.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { relaySoon } from '../outbox/relay.ts'
import { backfillSoon } from './backfill-segment.ts'
import { changeMembers } from './change-members.ts'
import { checkCondition } from './check-condition.ts'
import { getSegment, readSegment, type Segment } from './find-segments.ts'
import { resolveNames, type NamedContacts } from './named-contacts.ts'
import { findSegmentUses } from './segment-uses.ts'

interface NewSegment {
  workspaceId: string
  name: string
  by: string
}

/** Its members come by being subscribed, the first ones as it is made. */
export async function createStaticSegment(
  deps: Deps,
  input: NewSegment & {
    contacts?: NamedContacts | undefined
    /** What another system calls it. */
    ref?: string | undefined
    description?: string | undefined
  },
): Promise<Segment> {
  const { workspaceId, name, contacts, ref = null, description = '', by } = input
  const id = newId()
  const outbox = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await lockSegments(em, workspaceId)
    await refuseTaken(em, workspaceId, name)
    await em.execute(
      `insert into segments (id, workspace_id, name, ref, description, kind, evaluated_at)
       values (?, ?, ?, ?, ?, 'static', now())`,
      [id, workspaceId, name, ref, description],
    )
    const causeId = await tell(em, workspaceId, 'segment.created', { segment: id, name, by })
    if (!contacts) return []
    const ids = await resolveNames(em, workspaceId, contacts)
    const entered = ids.map((contactId) => ({ contactId, causeId }))
    return changeMembers(em, workspaceId, { id, name }, { entered, left: [] }, by)
  })
  relaySoon(deps, outbox)
  return getSegment(deps, workspaceId, id)
}

/**
 * Its members are found in the background. Who is found so enters without an event and fires no triggers: they were there
 * before the segment was.
 */
export async function createLiveSegment(
  deps: Deps,
  input: NewSegment & { condition: Condition },
): Promise<Segment> {
  const { workspaceId, name, condition, by } = input
  const id = newId()
  const backfillId = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await lockSegments(em, workspaceId)
    await refuseTaken(em, workspaceId, name)
    await checkCondition(em, workspaceId, condition)
    await em.execute(
      `insert into segments (id, workspace_id, name, kind, condition) values (?, ?, ?, 'live', ?::jsonb)`,
      [id, workspaceId, name, JSON.stringify(condition)],
    )
    const causeId = await tell(em, workspaceId, 'segment.created', { segment: id, name, by })
    return setCondition(em, id, condition, causeId)
  })
  backfillSoon(deps, backfillId)
  return getSegment(deps, workspaceId, id)
}

/** Renames, or replaces the condition: members are then found anew, as those of a new segment are. */
export async function updateSegment(
  deps: Deps,
  input: {
    workspaceId: string
    segmentId: string
    name?: string | undefined
    condition?: Condition | undefined
    by: string
  },
): Promise<Segment> {
  const { workspaceId, segmentId, name, condition, by } = input
  const backfillId = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await lockSegments(em, workspaceId)
    const before = await readSegment(em, workspaceId, segmentId)
    if (name !== undefined) await rename(em, workspaceId, segmentId, name)
    if (condition === undefined) return undefined
    if (before.kind === 'static') {
      const message = 'a static segment has no condition: its contacts are subscribed'
      throw new AppError('unprocessable', message, { fields: [{ field: 'condition', message }] })
    }
    await checkCondition(em, workspaceId, condition, { segmentId })
    const causeId = await tell(em, workspaceId, 'segment.changed', { segment: segmentId, by })
    return setCondition(em, segmentId, condition, causeId)
  })
  if (backfillId !== undefined) backfillSoon(deps, backfillId)
  return getSegment(deps, workspaceId, segmentId)
}

/** A copy under another name, with the same condition or the same members. */
export async function duplicateSegment(
  deps: Deps,
  input: { workspaceId: string; segmentId: string; name: string; by: string },
): Promise<Segment> {
  const { workspaceId, segmentId, name, by } = input
  const original = await getSegment(deps, workspaceId, segmentId)
  const { condition } = original
  if (condition) return createLiveSegment(deps, { workspaceId, name, by, condition })
  const copy = await createStaticSegment(deps, { workspaceId, name, by })
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const causeId = await tell(em, workspaceId, 'segment.duplicated', {
      segment: copy.id,
      from: segmentId,
      by,
    })
    await em.execute(
      `with entered as (
         insert into segment_members (segment_id, contact_id, workspace_id, cause_id)
         select ?, contact_id, workspace_id, ? from segment_members where workspace_id = ? and segment_id = ?
         returning contact_id)
       insert into facts (id, workspace_id, at, kind, contact_id, cause_id, data)
       select uuidv7(), ?, now(), 'segment.entered', contact_id, ?, ?::jsonb from entered`,
      [
        ...[copy.id, causeId, workspaceId, segmentId, workspaceId, causeId],
        JSON.stringify({ segment: copy.id, name, by }),
      ],
    )
  })
  return getSegment(deps, workspaceId, copy.id)
}

/** What happened in it stays in the traces. Refused while something that runs names it. */
export async function deleteSegment(
  deps: Pick<Deps, 'orm' | 'background'>,
  input: { workspaceId: string; segmentId: string; by: string },
): Promise<void> {
  const { workspaceId, segmentId, by } = input
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await lockSegments(em, workspaceId)
    const { name } = await readSegment(em, workspaceId, segmentId)
    const uses = await findSegmentUses(em, workspaceId, segmentId)
    if (uses.length > 0) {
      const where = uses.map((use) => `${use.kind} "${use.name}"`).join(', ')
      throw new AppError('conflict', `the segment is used by ${where}`, { details: { uses } })
    }
    await em.execute(
      `update segments set deleted_at = now(), updated_at = now(), backfill_id = null where id = ?`,
      [segmentId],
    )
    await tell(em, workspaceId, 'segment.deleted', { segment: segmentId, name, by })
  })
  deps.background.run('members of a deleted segment', () =>
    removeMembers(deps.orm.em.fork(), workspaceId, segmentId),
  )
}

/** In short statements: a segment may have a million. */
async function removeMembers(em: Em, workspaceId: string, segmentId: string): Promise<void> {
  for (;;) {
    const removed = await em.execute<object[]>(
      `delete from segment_members where workspace_id = ? and segment_id = ? and contact_id in
         (select contact_id from segment_members where segment_id = ? limit 10000) returning contact_id`,
      [workspaceId, segmentId, segmentId],
    )
    if (removed.length === 0) return
  }
}

/** Two changes at once could each miss that they take the same name, make a circle, or name what is being deleted. */
async function lockSegments(em: Em, workspaceId: string): Promise<void> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 5))', [`segments ${workspaceId}`])
}

async function rename(em: Em, workspaceId: string, segmentId: string, name: string): Promise<void> {
  await refuseTaken(em, workspaceId, name, segmentId)
  await em.execute('update segments set name = ?, updated_at = now() where id = ?', [name, segmentId])
}

async function refuseTaken(
  em: Em,
  workspaceId: string,
  name: string,
  but: string | null = null,
): Promise<void> {
  const taken = await em.execute<object[]>(
    `select id from segments where workspace_id = ? and lower(name) = lower(?) and deleted_at is null
       and id is distinct from ?::uuid`,
    [workspaceId, name, but],
  )
  if (taken.length === 0) return
  const message = `there is a segment "${name}" already`
  throw new AppError('conflict', message, { fields: [{ field: 'name', message }] })
}

async function setCondition(
  em: Em,
  segmentId: string,
  condition: Condition,
  causeId: string,
): Promise<string> {
  const { keys, timeDependent } = conditionDependencies(condition)
  const backfillId = newId()
  await em.execute(
    `update segments set condition = ?::jsonb, depends_on = array(select jsonb_array_elements_text(?::jsonb)),
       time_dependent = ?, evaluated_at = null, updated_at = now(), backfill_id = ?, backfill_cause_id = ?,
       backfill_until = null, backfill_staged = false, backfill_after = null where id = ?`,
    [JSON.stringify(condition), JSON.stringify(keys), timeDependent, backfillId, causeId, segmentId],
  )
  return backfillId
}

async function tell(em: Em, workspaceId: string, kind: string, data: JsonObject): Promise<string> {
  const id = newId()
  await recordFacts(em, workspaceId, [{ id, atMs: Date.now(), kind, data }])
  return id
}
