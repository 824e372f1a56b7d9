import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'
import { lockChat } from '../takeover/active-takeover.ts'
import { demandChat, sayHolder, type ChatAccess, type DemandedChat } from './access.ts'

/**
 * Who may read a chat may give it to a user or a group when no user has it; from a user it may be taken by that user, or by
 * an admin. The chat is locked first: nobody is given it in between.
 */
export async function demandMayAssign(
  em: Em,
  access: ChatAccess,
  conversationId: string,
  next: { userId?: string | null | undefined; groupId?: string | null | undefined },
): Promise<DemandedChat> {
  await demandChat(em, access, conversationId, 'read')
  await lockChat(em, access.workspaceId, conversationId)
  const chat = await demandChat(em, access, conversationId, 'read')
  if (access.isAdmin || isOwn(access, chat)) return chat
  const takes =
    next.userId !== undefined && next.userId !== chat.assignedUserId && chat.assignedUserId !== null
  const takesGroup =
    next.groupId !== undefined &&
    next.groupId !== chat.assignedGroupId &&
    (chat.assignedUserId !== null || isOfOthers(access, chat))
  if (takes || takesGroup) {
    throw new AppError('forbidden', `only an admin may take this chat away: ${sayHolder(chat)}`)
  }
  return chat
}

function isOwn({ userId }: ChatAccess, { assignedUserId }: DemandedChat): boolean {
  return userId !== null && assignedUserId === userId
}

function isOfOthers({ groupIds }: ChatAccess, { assignedGroupId }: DemandedChat): boolean {
  return assignedGroupId !== null && !groupIds.includes(assignedGroupId)
}
