import { sayFact } from '../analytics/why-words.ts'
import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { noteSql, type ChatNote } from './chat-notes.ts'

/** What happened in a chat besides what was said in it. */
export interface ChatEvent {
  id: string
  kind: string
  at: string
  /** In words. */
  text: string
  by: string
  /** Who did it, where a person did. */
  byUser: { id: string; name: string } | null
  data: JsonObject
}
interface Span {
  workspaceId: string
  conversationId: string
  contactId: string
  /** Between the two; null: from the first, to the last. */
  from: string | null
  to: string | null
}

/** Facts that people want to see between the messages. */
const shownKinds = [
  ...['chat.assigned', 'chat.status', 'chat.closed', 'chat.priority', 'labels.changed', 'message.tagged'],
  ...[
    'chat.taken',
    'chat.handed-off',
    'chat.handed-back',
    'contact.marked',
    'contact.unmarked',
    'contact.merged',
  ],
]
/** One page of messages has hardly so many in between. */
const maximumEvents = 500

/** Oldest first. Of chats that were joined, those of both. */
export async function listChatEvents(em: Em, span: Span): Promise<ChatEvent[]> {
  const { workspaceId, conversationId, contactId, from, to } = span
  const rows = await em.execute<{ id: string; kind: string; at: string; data: JsonObject }[]>(
    `select f.id, f.kind, ${isoTime('f.at')} as at, f.data from facts f
     where f.workspace_id = ? and f.contact_id = ? and f.kind in (select jsonb_array_elements_text(?::jsonb))
       and f.at >= coalesce(?::timestamptz, '-infinity') and f.at <= coalesce(?::timestamptz, 'infinity')
       and (f.data ->> 'conversation' is null or f.data ->> 'conversation' in (
         select v.id::text from conversations v where v.workspace_id = ? and (v.id = ? or v.merged_into = ?)))
     order by f.at, f.id limit ${maximumEvents}`,
    [
      ...[workspaceId, contactId, JSON.stringify(shownKinds), from, to],
      ...[workspaceId, conversationId, conversationId],
    ],
  )
  const names = await nameUsers(em, workspaceId, rows)
  return rows.map(({ data, ...row }) => {
    const by = typeof data['by'] === 'string' ? data['by'] : ''
    const byUser = names.get(by) ?? null
    const said = sayFact(
      { kind: row.kind, data: { ...data, ...(byUser && { by: byUser.name }) } },
      () => undefined,
    )
    return { ...row, text: said, by, byUser, data }
  })
}

async function nameUsers(
  em: Em,
  workspaceId: string,
  rows: { data: JsonObject }[],
): Promise<Map<string, { id: string; name: string }>> {
  const ids = rows.flatMap(({ data: { by } }) =>
    typeof by === 'string' ? (/^user ([0-9a-f-]{36})$/.exec(by)?.[1] ?? []) : [],
  )
  if (ids.length === 0) return new Map()
  const users = await em.execute<{ id: string; name: string }[]>(
    `select id, username as name from users where workspace_id = ? and id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, JSON.stringify([...new Set(ids)])],
  )
  return new Map(users.map((user) => [`user ${user.id}`, user]))
}

/** Oldest first. */
export async function listNotesBetween(em: Em, span: Span): Promise<ChatNote[]> {
  const { workspaceId, conversationId, from, to } = span
  return em.execute<ChatNote[]>(
    `${noteSql} where n.workspace_id = ? and n.conversation_id = ? and n.created_at >= coalesce(?::timestamptz, '-infinity')
       and n.created_at <= coalesce(?::timestamptz, 'infinity') order by n.id limit ${maximumEvents}`,
    [workspaceId, conversationId, from, to],
  )
}

/** When a message came or was planned. */
export async function getMessageTime(em: Em, workspaceId: string, messageId: string): Promise<string> {
  const [row] = await em.execute<{ at: string }[]>(
    `select ${isoTime('created_at')} as at from messages where id = ? and workspace_id = ?`,
    [messageId, workspaceId],
  )
  if (!row) throw new AppError('not_found', `message ${messageId} does not exist`)
  return row.at
}
