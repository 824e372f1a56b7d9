import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { announce } from '../live/announce.ts'
import { AppError } from '../model/errors.ts'
import { lockChat } from '../takeover/active-takeover.ts'
import { accessSql, readAccess, type ChatAccess } from './access.ts'
import { notify } from './notify.ts'

/** What people write for each other into a chat; the customer never sees it. */
export interface ChatNote {
  id: string
  conversationId: string
  body: string
  mentions: { id: string; name: string }[]
  by: string
  /** Null: a key wrote it, or a user who is no more. */
  byUser: { id: string; name: string } | null
  createdAt: string
  updatedAt: string
}

export const noteSql = `select n.id, n.conversation_id as "conversationId", n.body,
  coalesce((select jsonb_agg(jsonb_build_object('id', u.id, 'name', u.username) order by u.username)
    from users u where u.id = any (n.mentions)), '[]') as mentions, n.by,
  (select jsonb_build_object('id', u.id, 'name', u.username) from users u
    where 'user ' || u.id = n.by and u.workspace_id = n.workspace_id) as "byUser",
  ${isoTime('n.created_at')} as "createdAt", ${isoTime('n.updated_at')} as "updatedAt"
  from conversation_notes n`

/** Newest first. */
export async function listChatNotes(
  em: Em,
  input: { workspaceId: string; conversationId: string; before: string | undefined; limit: number },
): Promise<ChatNote[]> {
  const { workspaceId, conversationId, before = null, limit } = input
  return em.execute<ChatNote[]>(
    `${noteSql} where n.workspace_id = ? and n.conversation_id = ? and (?::uuid is null or n.id < ?) order by n.id desc limit ?`,
    [workspaceId, conversationId, before, before, limit],
  )
}

interface NoteInput {
  workspaceId: string
  conversationId: string
  body: string
  by: string
  byUserId: string | undefined
}

/** Whoever is named by `@username` is told, if they may read the chat. */
export async function writeChatNote(deps: Pick<Deps, 'orm'>, input: NoteInput): Promise<ChatNote> {
  const { workspaceId, body, by } = input
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { conversationId, contactId } = await lockChat(em, workspaceId, input.conversationId)
    const mentions = await findMentioned(em, { ...input, conversationId })
    const id = newId()
    await em.execute(
      `insert into conversation_notes (id, workspace_id, conversation_id, body, mentions, by)
       values (?, ?, ?, ?, (select coalesce(array_agg(m::uuid), '{}') from jsonb_array_elements_text(?::jsonb) as m), ?)`,
      [id, workspaceId, conversationId, body, JSON.stringify(mentions), by],
    )
    await tell(em, { ...input, conversationId, contactId, noteId: id }, 'note.written', mentions)
    return getChatNote(em, workspaceId, conversationId, id)
  })
}

/** Who wrote it, or an admin. Only who is named anew is told. */
export async function editChatNote(
  deps: Pick<Deps, 'orm'>,
  access: ChatAccess,
  input: NoteInput & { noteId: string },
): Promise<ChatNote> {
  const { workspaceId, noteId, body } = input
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { conversationId, contactId } = await lockChat(em, workspaceId, input.conversationId)
    const before = await demandNote(em, access, { ...input, conversationId })
    const mentions = await findMentioned(em, { ...input, conversationId })
    await em.execute(
      `update conversation_notes set body = ?, updated_at = now(),
         mentions = (select coalesce(array_agg(m::uuid), '{}') from jsonb_array_elements_text(?::jsonb) as m)
       where id = ? and workspace_id = ?`,
      [body, JSON.stringify(mentions), noteId, workspaceId],
    )
    const known = before.mentions.map(({ id }) => id)
    const anew = mentions.filter((id) => !known.includes(id))
    await tell(em, { ...input, conversationId, contactId }, 'note.edited', anew)
    return getChatNote(em, workspaceId, conversationId, noteId)
  })
}

export async function deleteChatNote(
  deps: Pick<Deps, 'orm'>,
  access: ChatAccess,
  input: Omit<NoteInput, 'body'> & { noteId: string },
): Promise<void> {
  const { workspaceId, noteId } = input
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { conversationId, contactId } = await lockChat(em, workspaceId, input.conversationId)
    await demandNote(em, access, { ...input, conversationId })
    await em.execute('delete from conversation_notes where id = ? and workspace_id = ?', [
      noteId,
      workspaceId,
    ])
    await tell(em, { ...input, conversationId, contactId }, 'note.deleted', [])
  })
}

async function getChatNote(
  em: Em,
  workspaceId: string,
  conversationId: string,
  noteId: string,
): Promise<ChatNote> {
  const [note] = await em.execute<ChatNote[]>(
    `${noteSql} where n.workspace_id = ? and n.conversation_id = ? and n.id = ?`,
    [workspaceId, conversationId, noteId],
  )
  if (!note) throw new AppError('not_found', `note ${noteId} does not exist`)
  return note
}

async function demandNote(
  em: Em,
  access: ChatAccess,
  { workspaceId, conversationId, noteId, by }: Omit<NoteInput, 'body'> & { noteId: string },
): Promise<ChatNote> {
  const note = await getChatNote(em, workspaceId, conversationId, noteId)
  if (note.by !== by && !access.isAdmin) throw new AppError('forbidden', 'somebody else wrote this note')
  return note
}

/** More than these nobody calls at once. */
const maximumMentions = 20

/** Of those whose name stands behind an `@`, whoever may read the chat. */
async function findMentioned(
  em: Em,
  { workspaceId, conversationId, body }: Pick<NoteInput, 'workspaceId' | 'conversationId' | 'body'>,
): Promise<string[]> {
  // A full stop behind a name ends the sentence.
  const names = [...body.matchAll(/(?<![\w@])@([\w.+-]+(?:@[\w.-]+)?)/g)].map(([, name = '']) =>
    name.replace(/[.-]+$/, ''),
  )
  if (names.length === 0) return []
  const users = await em.execute<{ id: string }[]>(
    `select id from users where workspace_id = ? and deactivated_at is null
       and lower(username) in (select lower(n) from jsonb_array_elements_text(?::jsonb) as n) order by id limit ?`,
    [workspaceId, JSON.stringify([...new Set(names)]), maximumMentions],
  )
  const readers: string[] = []
  for (const { id } of users) {
    const may = accessSql(await readAccess(em, { workspaceId, kind: 'user', id }), 'v', 'read')
    const found = await em.execute<object[]>(
      `select 1 from conversations v where v.id = ? and v.workspace_id = ? and ${may.sql}`,
      [conversationId, workspaceId, ...may.params],
    )
    if (found.length > 0) readers.push(id)
  }
  return readers
}

async function tell(
  em: Em,
  note: {
    workspaceId: string
    conversationId: string
    contactId: string
    noteId: string
    by: string
    byUserId: string | undefined
  },
  kind: 'note.written' | 'note.edited' | 'note.deleted',
  mentioned: string[],
): Promise<void> {
  const { workspaceId, conversationId, contactId, noteId, by, byUserId } = note
  // Ids only: what it said goes with the note.
  const data = { conversation: conversationId, note: noteId, by, mentioned }
  await recordFacts(em, workspaceId, [{ id: newId(), atMs: Date.now(), kind, contactId, data }])
  await announce(em, workspaceId, [{ kind: 'note.changed', conversationId, data: { noteId } }])
  await notify(em, {
    ...{ workspaceId, kind: 'mentioned', conversationId, userIds: mentioned },
    ...{ butUserId: byUserId, data: { note: noteId, by } },
  })
}
