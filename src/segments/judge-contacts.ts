import { adHoc } from '../db/prepared-statements.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { listLeaves } from '../model/condition-problems.ts'
import type { Condition } from '../model/conditions.ts'
import { compileCondition } from './compile-condition.ts'
import { readSegment } from './find-segments.ts'
import { joined, sql } from './fragment.ts'
import { resolveNames, type NamedContacts } from './named-contacts.ts'

export interface Judgement {
  contactId: string
  member: boolean
  /** Of live segments: whether the condition holds at this moment. Membership follows within moments. */
  holds: boolean | null
  /** Each part of the condition by its JSON path. */
  parts: { field: string; condition: Condition; holds: boolean }[]
}

/** Which of some contacts are in a segment, and why. */
export async function judgeContacts(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; segmentId: string; contacts: NamedContacts },
): Promise<Judgement[]> {
  const { workspaceId, segmentId, contacts } = input
  const em = forkFor(deps.orm, workspaceId)
  const { condition } = await readSegment(em, workspaceId, segmentId)
  const ids = await resolveNames(em, workspaceId, contacts)
  const leaves = condition ? listLeaves(condition, 'condition') : []
  const compile = (part: Condition) => compileCondition(part, { workspaceId, nowMs: Date.now(), few: true })
  const verdicts = [...(condition ? [condition] : []), ...leaves.map(({ leaf }) => leaf)].map(
    (part) => sql`(${compile(part)}) is true`,
  )
  const list = verdicts.length > 0 ? joined(verdicts, ', ') : sql`null`
  const rows = await em.execute<{ id: string; member: boolean; verdicts: (boolean | null)[] }[]>(
    `${adHoc}select c.id, exists (select 1 from segment_members m where m.segment_id = ? and m.contact_id = c.id) as member,
       jsonb_build_array(${list.sql}) as verdicts
     from contacts c where c.workspace_id = ? and c.id in (select jsonb_array_elements_text(?::jsonb)::uuid) order by c.id`,
    [segmentId, ...list.params, workspaceId, JSON.stringify(ids)],
  )
  return rows.map(({ id, member, verdicts: [holds = null, ...parts] }) => ({
    contactId: id,
    member,
    holds,
    parts: leaves.map(({ leaf, field }, at) => ({ field, condition: leaf, holds: parts[at] === true })),
  }))
}
