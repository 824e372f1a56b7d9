import type { ChatAccess } from '../conversations/access.ts'
import type { Em } from '../db/orm.ts'

/** Who has a chat: what decides who may read it. */
export interface ChatHolder {
  userId: string | null
  groupId: string | null
}

/** Who has the chats now. Of conversations that were merged, who has the one that is left. */
export async function findHolders(
  em: Em,
  workspaceId: string,
  conversationIds: readonly string[],
): Promise<Map<string, ChatHolder>> {
  if (conversationIds.length === 0) return new Map()
  const rows = await em.execute<(ChatHolder & { id: string })[]>(
    `select o.id, v.assigned_user_id as "userId", v.assigned_group_id as "groupId"
     from conversations o join conversations v on v.id = coalesce(o.merged_into, o.id)
     where o.workspace_id = ? and o.id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, JSON.stringify(conversationIds)],
  )
  return new Map(rows.map(({ id, ...holder }) => [id, holder]))
}

/** Who had the chats before they were given to somebody, by the ids of the events that say so. */
export async function findFormerHolders(
  em: Em,
  workspaceId: string,
  eventIds: readonly string[],
): Promise<Map<string, ChatHolder>> {
  if (eventIds.length === 0) return new Map()
  const rows = await em.execute<(ChatHolder & { id: string })[]>(
    `select e.id,
       (select p.user_set from assignment_events p where p.conversation_id = e.conversation_id and p.id < e.id
         and (p.user_set is not null or p.user_cleared) order by p.id desc limit 1) as "userId",
       (select p.group_set from assignment_events p where p.conversation_id = e.conversation_id and p.id < e.id
         and (p.group_set is not null or p.group_cleared) order by p.id desc limit 1) as "groupId"
     from assignment_events e
     where e.workspace_id = ? and e.id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, JSON.stringify(eventIds)],
  )
  return new Map(rows.map(({ id, ...holder }) => [id, holder]))
}

/** The rule of `accessSql`, for a chat whose holder is known. */
export function mayRead({ read, userId, groupIds }: ChatAccess, holder: ChatHolder): boolean {
  if (read === 'all') return true
  if (read === 'none' || userId === null) return false
  if (holder.userId === userId) return true
  return read === 'group' && holder.groupId !== null && groupIds.includes(holder.groupId)
}
