import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import type { JsonObject } from '../model/json.ts'

export interface Notification {
  id: string
  kind: string
  conversationId: string | null
  contactName: string | null
  data: JsonObject
  readAt: string | null
  createdAt: string
}
interface Reader {
  workspaceId: string
  userId: string
}

/** Newest first. */
export async function listNotifications(
  em: Em,
  input: Reader & { unread: boolean | undefined; before: string | undefined; limit: number },
): Promise<Notification[]> {
  const { workspaceId, userId, unread = false, before = null, limit } = input
  return em.execute<Notification[]>(
    `select n.id, n.kind, n.conversation_id as "conversationId",
       (select coalesce(c.name, nullif(concat_ws(' ', c.first_name, c.last_name), '')) from conversations v
         join contacts c on c.id = v.contact_id where v.id = n.conversation_id) as "contactName",
       n.data, ${isoTime('n.read_at')} as "readAt", ${isoTime('n.created_at')} as "createdAt"
     from notifications n where n.user_id = ? and n.workspace_id = ? and (not ?::boolean or n.read_at is null)
       and (?::uuid is null or n.id < ?) order by n.id desc limit ?`,
    [userId, workspaceId, unread, before, before, limit],
  )
}

/** @param ids which; undefined: all. Returns how many were not read yet. */
export async function readNotifications(
  em: Em,
  { workspaceId, userId, ids }: Reader & { ids: string[] | undefined },
): Promise<number> {
  const rows = await em.execute<object[]>(
    `update notifications set read_at = now() where user_id = ? and workspace_id = ? and read_at is null
       and (?::boolean or id in (select jsonb_array_elements_text(?::jsonb)::uuid)) returning 1`,
    [userId, workspaceId, ids === undefined, JSON.stringify(ids ?? [])],
  )
  return rows.length
}
