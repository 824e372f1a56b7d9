import { assignChat } from '../conversations/assign.ts'
import { demandMayAssign } from '../conversations/may-assign.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { relaySoon } from '../outbox/relay.ts'
import { demandWireChat, openDesk, type Desk, type WireCaller } from './wire-caller.ts'

/** Who has a chat, in the wire's numbers. */
export interface WireAssignment {
  waId: string
  user: number | null
  group: number | null
}

export async function getWireAssignment(
  deps: Pick<Deps, 'orm'>,
  caller: WireCaller,
  waId: string,
): Promise<WireAssignment> {
  const desk = await openDesk(deps, caller)
  const { id } = await demandWireChat(desk, waId)
  return { waId, ...(await readHolder(desk, id)) }
}

/** Undefined leaves user or group as it is, null takes it away. */
export async function assignWireChat(
  deps: Deps,
  caller: WireCaller,
  wanted: { waId: string; user?: number | null | undefined; group?: number | null | undefined; by: string },
): Promise<WireAssignment> {
  const desk = await openDesk(deps, caller)
  const { id } = await demandWireChat(desk, wanted.waId)
  const { workspaceId, userId: byUserId } = caller
  const next = {
    userId: await idOf(desk, 'users', 'assigned_to_user', wanted.user),
    groupId: await idOf(desk, 'groups', 'assigned_group', wanted.group),
  }
  const { outbox } = await desk.em.transactional(async (tx) => {
    const { conversationId } = await demandMayAssign(tx, desk.access, id, next)
    return assignChat(tx, { workspaceId, conversationId, ...next, by: wanted.by, byUserId })
  })
  relaySoon(deps, outbox)
  return { waId: wanted.waId, ...(await readHolder(desk, id)) }
}

async function readHolder({ em, view }: Desk, conversationId: string): Promise<Omit<WireAssignment, 'waId'>> {
  const [row] = await em.execute<Omit<WireAssignment, 'waId'>[]>(
    `select u.number::int as "user", g.number::int as "group" from conversations v
     left join users u on u.id = v.assigned_user_id left join groups g on g.id = v.assigned_group_id
     where v.workspace_id = ? and v.id = ?`,
    [view.workspaceId, conversationId],
  )
  return row ?? { user: null, group: null }
}

async function idOf(
  { em, view }: Desk,
  table: 'users' | 'groups',
  field: string,
  number: number | null | undefined,
): Promise<string | null | undefined> {
  if (number === null || number === undefined) return number
  const [row] = await em.execute<{ id: string }[]>(
    `select id from ${table} where workspace_id = ? and number = ?`,
    [view.workspaceId, number],
  )
  if (row) return row.id
  const message = `Invalid pk "${number}" - object does not exist.`
  throw new AppError('invalid_input', message, { fields: [{ field, message }] })
}
