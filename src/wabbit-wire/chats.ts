import type { Em } from '../db/orm.ts'
import { loadMessages, saidAt } from './messages.ts'
import { loadPersons } from './persons.ts'
import { loadChatTags } from './tags.ts'
import { loadWireUsers, type WireGroup } from './users.ts'
import type { WireChat, WireView } from './wire-view.ts'

interface ChatRow {
  id: string
  userId: string | null
  group: WireGroup | null
  lastMessageId: string | null
  newMessages: number
}

/** Chats as the wire shows them, in the order of the ids. */
export async function loadChats(em: Em, view: WireView, ids: readonly string[]): Promise<WireChat[]> {
  if (ids.length === 0) return []
  const { workspaceId } = view
  const rows = await em.execute<ChatRow[]>(chatsSql, [view.userId, JSON.stringify(ids), workspaceId])
  const users = await loadWireUsers(
    em,
    view,
    rows.map(({ userId }) => userId),
  )
  const persons = await loadPersons(em, workspaceId, ids)
  const tags = await loadChatTags(em, workspaceId, ids)
  const last = await loadLast(em, view, rows)
  return rows.flatMap((row) => {
    const contact = persons.get(row.id)
    if (!contact) return []
    return [
      {
        contact,
        new_messages: row.newMessages,
        wa_id: contact.wa_id,
        last_message: last.get(row.id) ?? null,
        assigned_to_user: row.userId === null ? null : (users.get(row.userId) ?? null),
        assigned_group: row.group,
        tags: tags.get(row.id) ?? [],
      },
    ]
  })
}

/** Each chat's last message that is shown. */
async function loadLast(em: Em, view: WireView, rows: ChatRow[]) {
  const known = rows.flatMap(({ id, lastMessageId }) =>
    lastMessageId === null ? [] : [{ id, lastMessageId }],
  )
  const messages = await loadMessages(
    em,
    view,
    known.map(({ lastMessageId }) => lastMessageId),
  )
  return new Map(known.map(({ id }, at) => [id, messages[at]]))
}

const chatsSql = `select v.id, v.assigned_user_id as "userId",
    (select jsonb_build_object('id', g.number, 'name', g.name) from groups g where g.id = v.assigned_group_id) as "group",
    (select m.id from messages m where m.conversation_id = v.id
       and (m.direction = 'in' or m.state not in ('planned', 'skipped')) order by m.id desc limit 1) as "lastMessageId",
    (select count(*)::int from messages m where m.conversation_id = v.id and m.direction = 'in'
       and (r.read_until is null or ${saidAt} > r.read_until)) as "newMessages"
  from conversations v
  left join conversation_reads r on r.conversation_id = v.id and r.user_id = ?::uuid
  join jsonb_array_elements_text(?::jsonb) with ordinality as n(id, at) on n.id::uuid = v.id
  where v.workspace_id = ? order by n.at`
