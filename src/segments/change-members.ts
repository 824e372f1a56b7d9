import { recordFacts, type Fact } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { noteChanges } from '../events/note-changes.ts'
import { recordEvents } from '../events/record-events.ts'
import type { OutboxRow } from '../outbox/outbox.ts'

export interface MemberChange {
  contactId: string
  /** The fact that it follows from. */
  causeId: string
}

/**
 * Takes contacts into a segment and out of it, in the caller's transaction. Only what really changed becomes a fact and an
 * event, whose triggers fire: asking twice changes nothing. Returns what Temporal must be told after the commit.
 * @param by who did it by hand; nobody did when a live segment follows its condition.
 */
export async function changeMembers(
  em: Em,
  workspaceId: string,
  segment: { id: string; name: string },
  changes: { entered: MemberChange[]; left: MemberChange[] },
  by?: string,
): Promise<OutboxRow[]> {
  const entered = await insertMembers(em, workspaceId, segment.id, changes.entered)
  const left = await deleteMembers(em, workspaceId, segment.id, changes.left)
  const atMs = Date.now()
  const data = { segment: segment.id, name: segment.name, ...(by !== undefined && { by }) }
  const facts = [
    ...entered.map((change) => toFact(change, 'segment.entered', data, atMs)),
    ...left.map((change) => toFact(change, 'segment.left', data, atMs)),
  ]
  if (facts.length === 0) return []
  await recordFacts(em, workspaceId, facts)
  const told = facts.map(({ id, kind, contactId }) => ({ causeId: id, kind, contactId }))
  await noteChanges(
    em,
    workspaceId,
    told.map(({ contactId, causeId }) => ({ contactId, keys: [`segment:${segment.id}`], causeId })),
  )
  const attributes = { segment_id: segment.id, segment: segment.name }
  return recordEvents(
    em,
    workspaceId,
    told.map(({ contactId, causeId, kind }) => {
      const type = kind === 'segment.entered' ? 'segment_entered' : 'segment_left'
      return { contactId, type, attributes, atMs, causeId }
    }),
  )
}

function toFact(change: MemberChange, kind: string, data: Fact['data'], atMs: number) {
  return { id: newId(), atMs, kind, contactId: change.contactId, causeId: change.causeId, data }
}

/** Who is not here any more, or was merged into another meanwhile, does not enter. */
async function insertMembers(
  em: Em,
  workspaceId: string,
  segmentId: string,
  changes: MemberChange[],
): Promise<MemberChange[]> {
  if (changes.length === 0) return []
  const rows = await em.execute<{ contact_id: string }[]>(
    `insert into segment_members (segment_id, contact_id, workspace_id, cause_id)
     select ?, c.id, c.workspace_id, n.cause_id
     from jsonb_to_recordset(?::jsonb) as n(contact_id uuid, cause_id uuid)
     join contacts c on c.id = n.contact_id and c.workspace_id = ? and c.merged_into is null
     order by c.id on conflict do nothing returning contact_id`,
    [segmentId, toRows(changes), workspaceId],
  )
  return onlyOf(changes, rows)
}

async function deleteMembers(
  em: Em,
  workspaceId: string,
  segmentId: string,
  changes: MemberChange[],
): Promise<MemberChange[]> {
  if (changes.length === 0) return []
  const rows = await em.execute<{ contact_id: string }[]>(
    `delete from segment_members where workspace_id = ? and segment_id = ? and contact_id in
       (select n.contact_id from jsonb_to_recordset(?::jsonb) as n(contact_id uuid)) returning contact_id`,
    [workspaceId, segmentId, toRows(changes)],
  )
  return onlyOf(changes, rows)
}

function onlyOf(changes: MemberChange[], rows: { contact_id: string }[]): MemberChange[] {
  const causeOf = new Map(changes.map(({ contactId, causeId }) => [contactId, causeId]))
  return rows.map((row) => ({ contactId: row.contact_id, causeId: causeOf.get(row.contact_id) ?? '' }))
}

function toRows(changes: MemberChange[]): string {
  return JSON.stringify(
    changes.map(({ contactId, causeId }) => ({ contact_id: contactId, cause_id: causeId })),
  )
}
