import type { Em } from '../db/orm.ts'
import type { Actor } from '../kit/route.ts'
import { AppError } from '../model/errors.ts'
import { getPerson, type Person } from '../people/find-people.ts'

export type ChatLevel = 'all' | 'group' | 'user' | 'none'

/** Which chats somebody may read and write, and as whom. A key of the platform may everything, as nobody in particular. */
export interface ChatAccess {
  workspaceId: string
  userId: string | null
  groupIds: string[]
  read: ChatLevel
  write: ChatLevel
  canUseTags: boolean
  /** May give chats to others, and take them from others. */
  isAdmin: boolean
}

export async function readAccess(
  em: Em,
  { workspaceId, kind, id }: Pick<Actor, 'workspaceId' | 'kind' | 'id'>,
): Promise<ChatAccess> {
  if (kind === 'key') {
    const all = { read: 'all', write: 'all', canUseTags: true, isAdmin: true } as const
    return { workspaceId, userId: null, groupIds: [], ...all }
  }
  const person = await getPerson(em, workspaceId, id)
  if (person.isDeactivated) throw new AppError('unauthenticated', 'this user does not work here any more')
  return toAccess(workspaceId, person)
}

export function toAccess(workspaceId: string, { id, permissions, groups, role }: Person): ChatAccess {
  const { canReadChats, canWriteToChats, canUseTags } = permissions
  return {
    ...{ workspaceId, userId: id, groupIds: groups.map((group) => group.id) },
    ...{ read: canReadChats, write: canWriteToChats, canUseTags, isAdmin: role === 'admin' },
  }
}

/**
 * SQL that is true of the conversations somebody may read, or write.
 * @param chat the alias of `conversations`.
 */
export function accessSql(
  access: ChatAccess,
  chat: string,
  mode: 'read' | 'write',
): { sql: string; params: string[] } {
  const level = levelOf(access, mode)
  if (level === 'all') return { sql: 'true', params: [] }
  if (level === 'none' || access.userId === null) return { sql: 'false', params: [] }
  const own = `${chat}.assigned_user_id = ?`
  if (level === 'user') return { sql: own, params: [access.userId] }
  return {
    sql: `(${own} or ${chat}.assigned_group_id in (select jsonb_array_elements_text(?::jsonb)::uuid))`,
    params: [access.userId, JSON.stringify(access.groupIds)],
  }
}

/** Nobody writes where they may not read. */
function levelOf({ read, write }: ChatAccess, mode: 'read' | 'write'): ChatLevel {
  if (mode === 'read') return read
  const order: ChatLevel[] = ['none', 'user', 'group', 'all']
  return order[Math.min(order.indexOf(read), order.indexOf(write))] ?? 'none'
}

/** A chat as far as rules on who may do what with it ask. */
export interface DemandedChat {
  /** Of conversations that were merged, the one that is left. */
  conversationId: string
  contactId: string
  numberId: string
  assignedUserId: string | null
  assignedUserName: string | null
  assignedGroupId: string | null
  assignedGroupName: string | null
}

/** Who may not read a chat is not told that it is there; who may not write into it is told who has it. */
export async function demandChat(
  em: Em,
  access: ChatAccess,
  conversationId: string,
  mode: 'read' | 'write',
): Promise<DemandedChat> {
  const read = accessSql(access, 'v', 'read')
  const write = accessSql(access, 'v', mode)
  const [chat] = await em.execute<(DemandedChat & { may: boolean })[]>(
    `select v.id as "conversationId", v.contact_id as "contactId", v.number_id as "numberId",
       v.assigned_user_id as "assignedUserId", v.assigned_group_id as "assignedGroupId", u.username as "assignedUserName",
       g.name as "assignedGroupName", coalesce(${write.sql}, false) as may
     from conversations v left join users u on u.id = v.assigned_user_id left join groups g on g.id = v.assigned_group_id
     where v.workspace_id = ? and v.id = (select coalesce(o.merged_into, o.id) from conversations o where o.id = ?)
       and ${read.sql}`,
    [...write.params, access.workspaceId, conversationId, ...read.params],
  )
  if (!chat) throw new AppError('not_found', `conversation ${conversationId} does not exist`)
  const { may, ...demanded } = chat
  if (!may) throw new AppError('forbidden', `you may not write into this chat: ${sayHolder(demanded)}`)
  return demanded
}

export function sayHolder(chat: Pick<DemandedChat, 'assignedUserName' | 'assignedGroupName'>): string {
  if (chat.assignedUserName !== null) return `${chat.assignedUserName} has it`
  return chat.assignedGroupName === null ? 'nobody has it' : `the team "${chat.assignedGroupName}" has it`
}

export function demandTags({ canUseTags }: ChatAccess): void {
  if (!canUseTags) throw new AppError('forbidden', 'you may not use tags')
}
