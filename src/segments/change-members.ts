import { recordFacts } from '../analytics/facts.ts'
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

/** One contact in or out of one segment. */
export interface MemberMove extends MemberChange {
  segment: { id: string; name: string }
  move: 'entered' | 'left'
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
  const entered = changes.entered.map((change): MemberMove => ({ ...change, segment, move: 'entered' }))
  const left = changes.left.map((change): MemberMove => ({ ...change, segment, move: 'left' }))
  return moveMembers(em, workspaceId, [...entered, ...left], by)
}

/** The same for moves of many segments: as many statements, however many they are. */
export async function moveMembers(
  em: Em,
  workspaceId: string,
  moves: MemberMove[],
  by?: string,
): Promise<OutboxRow[]> {
  const entering = moves.filter(({ move }) => move === 'entered')
  const leaving = moves.filter(({ move }) => move === 'left')
  const moved = [
    ...(await insertMembers(em, workspaceId, entering)),
    ...(await deleteMembers(em, workspaceId, leaving)),
  ]
  if (moved.length === 0) return []
  const atMs = Date.now()
  const told = moved.map((each) => ({ ...each, factId: newId() }))
  await recordFacts(
    em,
    workspaceId,
    told.map(({ factId: id, move, segment, contactId, causeId }) => {
      const data = { segment: segment.id, name: segment.name, ...(by !== undefined && { by }) }
      return { id, atMs, kind: `segment.${move}`, contactId, causeId, data }
    }),
  )
  await noteChanges(
    em,
    workspaceId,
    told.map(({ segment, contactId, factId: causeId }) => {
      return { contactId, keys: [`segment:${segment.id}`], causeId }
    }),
  )
  return recordEvents(
    em,
    workspaceId,
    told.map(({ segment, move, contactId, factId: causeId }) => {
      const attributes = { segment_id: segment.id, segment: segment.name }
      return { contactId, type: `segment_${move}`, attributes, atMs, causeId }
    }),
  )
}

/** Who is not here any more, or was merged into another meanwhile, does not enter. */
async function insertMembers(em: Em, workspaceId: string, moves: MemberMove[]): Promise<MemberMove[]> {
  if (moves.length === 0) return []
  const rows = await em.execute<MemberRow[]>(
    `insert into segment_members (segment_id, contact_id, workspace_id, cause_id)
     select n.segment_id, c.id, c.workspace_id, n.cause_id
     from jsonb_to_recordset(?::jsonb) as n(segment_id uuid, contact_id uuid, cause_id uuid)
     join contacts c on c.id = n.contact_id and c.workspace_id = ? and c.merged_into is null
     order by n.segment_id, c.id on conflict do nothing returning segment_id, contact_id`,
    [toRows(moves), workspaceId],
  )
  return onlyOf(moves, rows)
}

async function deleteMembers(em: Em, workspaceId: string, moves: MemberMove[]): Promise<MemberMove[]> {
  if (moves.length === 0) return []
  const rows = await em.execute<MemberRow[]>(
    `delete from segment_members m using jsonb_to_recordset(?::jsonb) as n(segment_id uuid, contact_id uuid)
     where m.workspace_id = ? and m.segment_id = n.segment_id and m.contact_id = n.contact_id
     returning m.segment_id, m.contact_id`,
    [toRows(moves), workspaceId],
  )
  return onlyOf(moves, rows)
}

interface MemberRow {
  segment_id: string
  contact_id: string
}

function onlyOf(moves: MemberMove[], rows: MemberRow[]): MemberMove[] {
  const changed = new Set(rows.map((row) => `${row.segment_id} ${row.contact_id}`))
  return moves.filter(({ segment, contactId }) => changed.delete(`${segment.id} ${contactId}`))
}

function toRows(moves: MemberMove[]): string {
  return JSON.stringify(
    moves.map(({ segment, contactId, causeId }) => ({
      segment_id: segment.id,
      contact_id: contactId,
      cause_id: causeId,
    })),
  )
}
