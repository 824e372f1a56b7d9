import type { Em } from '../db/orm.ts'
import { announce } from '../live/announce.ts'

interface Reader {
  workspaceId: string
  conversationId: string
  userId: string
}

/**
 * Somebody has received a conversation's messages, by the customer's clock: all of them, or those until a time. A mark only
 * moves on; `markUnread` takes it back.
 */
export async function markRead(
  em: Em,
  { workspaceId, conversationId, userId, until = null }: Reader & { until?: string | undefined | null },
): Promise<boolean> {
  const moved = await em.execute<object[]>(
    `insert into conversation_reads as r (user_id, conversation_id, workspace_id, read_until)
     select ?, v.id, v.workspace_id, coalesce(?::timestamptz, (
         select max(m.sent_by_customer_at) from (select sent_by_customer_at from messages
           where conversation_id = v.id order by id desc limit 200) m), v.last_inbound_at, now())
     from conversations v where v.id = ? and v.workspace_id = ?
     on conflict (user_id, conversation_id) do update set read_until = excluded.read_until
       where r.read_until < excluded.read_until returning 1`,
    [userId, until, conversationId, workspaceId],
  )
  if (moved.length > 0) await tell(em, { workspaceId, conversationId, userId })
  return moved.length > 0
}

/** The customer's last message counts as not received yet. */
export async function markUnread(em: Em, { workspaceId, conversationId, userId }: Reader): Promise<boolean> {
  const moved = await em.execute<object[]>(
    `insert into conversation_reads as r (user_id, conversation_id, workspace_id, read_until)
     select ?, v.id, v.workspace_id, v.last_inbound_at - interval '1 millisecond' from conversations v
     where v.id = ? and v.workspace_id = ? and v.last_inbound_at is not null
     on conflict (user_id, conversation_id) do update set read_until = excluded.read_until
       where r.read_until > excluded.read_until returning 1`,
    [userId, conversationId, workspaceId],
  )
  if (moved.length > 0) await tell(em, { workspaceId, conversationId, userId })
  return moved.length > 0
}

/** On all of one's screens. */
async function tell(em: Em, { workspaceId, conversationId, userId }: Reader): Promise<void> {
  await announce(em, workspaceId, [{ kind: 'chat.read', conversationId, data: { userId } }])
}
