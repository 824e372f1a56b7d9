import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { MessageClass, MessageContent } from '../model/message.ts'
import { conversationOf } from './conversation-of.ts'
import type { MessageDetail } from './message-detail.ts'
import { sendFromInbox } from './send-from-inbox.ts'

/** Sends to a contact from a number, by an API: each call is a message of its own. */
export async function sendToContact(
  deps: Deps,
  input: {
    workspaceId: string
    numberId: string
    contactId: string
    content: MessageContent
    /** `utility` when absent. */
    class?: MessageClass
    by: string
  },
): Promise<MessageDetail> {
  const { content, by, class: messageClass = 'utility', ...place } = input
  const conversationId = await conversationOf(forkFor(deps.orm, input.workspaceId), place)
  return sendFromInbox(deps, {
    ...{ workspaceId: input.workspaceId, conversationId, what: { content }, by, vars: {} },
    class: messageClass,
    key: `api:${by}:${newId()}`,
  })
}
