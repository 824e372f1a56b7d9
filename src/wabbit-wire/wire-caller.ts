import { accessSql, readAccess, type ChatAccess } from '../conversations/access.ts'
import type { Em } from '../db/orm.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { findWireChat } from './resolve-ids.ts'
import type { WireView } from './wire-view.ts'

/** Who asks: a user, for one number's chats. */
export interface WireCaller {
  workspaceId: string
  userId: string
  numberId: string
  baseUrl: string
}

/** What somebody's calls are answered with: their view, and which chats they may see. */
export interface Desk {
  em: Em
  view: WireView & { userId: string }
  access: ChatAccess
  numberId: string
  /** Of `conversations v`, in SQL: this number's chats that may be seen. */
  seen: { sql: string; params: string[] }
}

export async function openDesk({ orm }: Pick<Deps, 'orm'>, caller: WireCaller): Promise<Desk> {
  const { workspaceId, userId, numberId, baseUrl } = caller
  const em = forkFor(orm, workspaceId)
  const access = await readAccess(em, { workspaceId, kind: 'user', id: userId })
  const may = accessSql(access, 'v', 'read')
  return {
    em,
    view: { workspaceId, userId, baseUrl },
    access,
    numberId,
    seen: {
      sql: `v.workspace_id = ? and v.number_id = ? and v.merged_into is null and ${may.sql}`,
      params: [workspaceId, numberId, ...may.params],
    },
  }
}

/** The chat that the wire names so, if it may be seen. */
export async function demandWireChat(
  { em, seen, view: { workspaceId }, numberId }: Desk,
  waId: string,
): Promise<{ id: string; contactId: string }> {
  const chat = await findWireChat(em, { workspaceId, numberId, waId })
  const [found] = chat
    ? await em.execute<object[]>(`select 1 from conversations v where ${seen.sql} and v.id = ?`, [
        ...seen.params,
        chat.id,
      ])
    : []
  if (!chat || !found) throw new AppError('not_found', `there is no chat with ${waId}`)
  return chat
}

/** By which group chats may be filtered: one's own. */
export async function demandOwnGroup({ em, view }: Desk, number: number): Promise<string> {
  const [group] = await em.execute<{ id: string }[]>(
    `select g.id from groups g join group_members m on m.group_id = g.id
     where g.workspace_id = ? and m.user_id = ? and g.number = ?`,
    [view.workspaceId, view.userId, number],
  )
  if (group) return group.id
  const message = 'Only Groups the User is member of can be used.'
  throw new AppError('invalid_input', message, { fields: [{ field: 'assigned_group', message }] })
}
