import type { Em } from '../db/orm.ts'
import { findInboxSettings } from '../lifecycle/inbox-settings.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { demandChat, type ChatAccess, type DemandedChat } from './access.ts'
import { claimChat } from './assign.ts'
import { dropDraft } from './drafts.ts'

/**
 * Who may write into a chat. An agent who answers what nobody has gets it with the answer, as the workspace has set; who may
 * not write is told who has it.
 * @returns what is to be done with the message, in its transaction.
 */
export async function demandAnswer(
  em: Em,
  access: ChatAccess,
  id: string,
): Promise<{ conversationId: string; also: (em: Em) => Promise<OutboxRow[]> }> {
  const { userId, workspaceId } = access
  if (userId === null) {
    const { conversationId } = await demandChat(em, access, id, 'write')
    return { conversationId, also: async () => [] }
  }
  const chat = await demandChat(em, access, id, 'read')
  const { conversationId } = chat
  const claims = mayTake(access, chat) && (await findInboxSettings(em, workspaceId)).settings.assignOnAnswer
  if (!claims) await demandChat(em, access, id, 'write')
  return {
    conversationId,
    also: async (tx) => {
      const place = { workspaceId, conversationId, userId }
      await dropDraft(tx, place)
      const reason = { why: 'answered what nobody had' }
      return claims ? (await claimChat(tx, { ...place, by: `user ${userId}`, reason })).outbox : []
    },
  }
}

/** Who may mark a chat's customer as spam, or take the mark away: whoever could answer in it. */
export async function demandMayMark(em: Em, access: ChatAccess, id: string): Promise<DemandedChat> {
  const chat = await demandChat(em, access, id, 'read')
  return mayTake(access, chat) ? chat : demandChat(em, access, id, 'write')
}

/** Nobody has it, and one writes into chats at all. */
function mayTake({ groupIds, write }: ChatAccess, chat: DemandedChat): boolean {
  const { assignedUserId, assignedGroupId } = chat
  const isFree = assignedUserId === null && (assignedGroupId === null || groupIds.includes(assignedGroupId))
  return isFree && write !== 'none'
}
