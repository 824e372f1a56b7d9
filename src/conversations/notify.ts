import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { announce } from '../live/announce.ts'
import type { JsonObject } from '../model/json.ts'

export interface Notice {
  workspaceId: string
  /** What it is about: `assigned`, `mentioned`, `held`, … */
  kind: string
  conversationId: string | null
  userIds?: string[]
  /** Each member of it is told. */
  groupId?: string | undefined
  /** Who did it needs no telling. */
  butUserId?: string | undefined
  /** Ids, and no more than a screen needs to say what happened. */
  data: JsonObject
}

/** Tells people of something that concerns them, in the caller's transaction. Bots are called back instead. */
export async function notify(em: Em, notice: Notice): Promise<void> {
  const { workspaceId, kind, conversationId, userIds = [], groupId = null, butUserId = null, data } = notice
  if (userIds.length === 0 && groupId === null) return
  const people = await em.execute<{ id: string }[]>(
    `select u.id from users u where u.workspace_id = ? and u.role <> 'app' and u.deactivated_at is null
       and u.id is distinct from ?::uuid
       and (u.id in (select jsonb_array_elements_text(?::jsonb)::uuid)
         or exists (select 1 from group_members m where m.group_id = ?::uuid and m.user_id = u.id)) order by u.id`,
    [workspaceId, butUserId, JSON.stringify(userIds), groupId],
  )
  if (people.length === 0) return
  const rows = people.map(({ id: userId }) => ({ id: newId(), user_id: userId }))
  await em.execute(
    `insert into notifications (id, workspace_id, user_id, kind, conversation_id, data)
     select n.id, ?, n.user_id, ?, ?, ?::jsonb from jsonb_to_recordset(?::jsonb) as n(id uuid, user_id uuid)`,
    [workspaceId, kind, conversationId, JSON.stringify(data), JSON.stringify(rows)],
  )
  await announce(
    em,
    workspaceId,
    rows.map(({ id, user_id: userId }) => ({
      kind: 'notification.created' as const,
      conversationId,
      data: { userId, id },
    })),
  )
}
