import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { recordEvents } from '../events/record-events.ts'
import { AppError } from '../model/errors.ts'
import { relaySoon } from '../outbox/relay.ts'
import { lockContact } from './lock-contact.ts'

/** What somebody wrote down about a contact. */
export interface Note {
  id: string
  body: string
  author: string
  authorName: string
  createdAt: string
  updatedAt: string
}

const columns = `id, body, author, author_name as "authorName", ${isoTime('created_at')} as "createdAt",
  ${isoTime('updated_at')} as "updatedAt"`

export async function addNote(
  deps: Deps,
  input: {
    workspaceId: string
    contactId: string
    body: string
    author: { kind: 'key' | 'user'; id: string }
  },
): Promise<Note> {
  const { workspaceId, body, author } = input
  const by = `${author.kind} ${author.id}`
  const { note, outbox } = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { id: contactId } = await lockContact(em, workspaceId, input.contactId)
    const id = newId()
    const [row] = await em.execute<Note[]>(
      `insert into contact_notes (id, workspace_id, contact_id, body, author, author_name)
       values (?, ?, ?, ?, ?, coalesce((select username from users where id = ? and workspace_id = ?),
         (select name from api_keys where id = ? and workspace_id = ?), '')) returning ${columns}`,
      [id, workspaceId, contactId, body, by, author.id, workspaceId, author.id, workspaceId],
    )
    const atMs = Date.now()
    const causeId = newId()
    const data = { note: id, by }
    await recordFacts(em, workspaceId, [{ id: causeId, atMs, kind: 'contact.noted', contactId, data }])
    const event = { contactId, type: 'note_added', attributes: { note_id: id }, atMs, causeId }
    return { note: row as Note, outbox: await recordEvents(em, workspaceId, [event]) }
  })
  relaySoon(deps, outbox)
  return note
}

/** Newest first; those of contacts that were merged into this one are its own. */
export async function listNotes(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; contactId: string; before: string | undefined; limit: number },
): Promise<Note[]> {
  const { workspaceId, contactId, before = null, limit } = input
  return forkFor(deps.orm, workspaceId).execute<Note[]>(
    `select ${columns} from contact_notes where workspace_id = ? and contact_id = ? and (?::uuid is null or id < ?)
     order by id desc limit ?`,
    [workspaceId, contactId, before, before, limit],
  )
}

export async function editNote(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, noteId, body }: { workspaceId: string; noteId: string; body: string },
): Promise<Note> {
  const [row] = await forkFor(deps.orm, workspaceId).execute<Note[]>(
    `update contact_notes set body = ?, updated_at = now() where id = ? and workspace_id = ? returning ${columns}`,
    [body, noteId, workspaceId],
  )
  if (row) return row
  throw new AppError('not_found', `note ${noteId} does not exist`)
}

export async function deleteNote(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, noteId }: { workspaceId: string; noteId: string },
): Promise<void> {
  const rows = await forkFor(deps.orm, workspaceId).execute<object[]>(
    'delete from contact_notes where id = ? and workspace_id = ? returning id',
    [noteId, workspaceId],
  )
  if (rows.length === 0) throw new AppError('not_found', `note ${noteId} does not exist`)
}
