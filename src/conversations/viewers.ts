import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'

/** So long after the last word of a screen somebody counts as looking, or as typing. */
const lookingSeconds = 40
const typingSeconds = 8

export interface Viewer {
  id: string
  name: string
  typing: boolean
  seenAt: string
}
interface Place {
  workspaceId: string
  conversationId: string
  userId: string
}

/** Somebody looks at a chat, or types in it, just now. Screens say it again while it is so. */
export async function noteViewer(
  em: Em,
  { workspaceId, conversationId, userId, typing }: Place & { typing: boolean },
): Promise<void> {
  await em.execute(
    `insert into conversation_viewers as o (conversation_id, user_id, workspace_id, typed_at)
     values (?, ?, ?, case when ? then now() end)
     on conflict (conversation_id, user_id) do update set seen_at = now(), typed_at = coalesce(excluded.typed_at, o.typed_at)`,
    [conversationId, userId, workspaceId, typing],
  )
}

export async function dropViewer(em: Em, { workspaceId, conversationId, userId }: Place): Promise<void> {
  await em.execute(
    'delete from conversation_viewers where conversation_id = ? and user_id = ? and workspace_id = ?',
    [conversationId, userId, workspaceId],
  )
}

/** Who else looks at a chat: two people must not answer the same question. */
export async function listViewers(
  em: Em,
  { workspaceId, conversationId, userId }: Omit<Place, 'userId'> & { userId: string | null },
): Promise<Viewer[]> {
  return em.execute<Viewer[]>(
    `select u.id, u.username as name, coalesce(o.typed_at > now() - interval '${typingSeconds} seconds', false) as typing,
       ${isoTime('o.seen_at')} as "seenAt"
     from conversation_viewers o join users u on u.id = o.user_id
     where o.conversation_id = ? and o.workspace_id = ? and o.user_id is distinct from ?::uuid
       and o.seen_at > now() - interval '${lookingSeconds} seconds' order by u.username`,
    [conversationId, workspaceId, userId],
  )
}
