import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { planFromInbox } from '../inbox/send-from-inbox.ts'
import { AppError } from '../model/errors.ts'
import type { AutomaticMessage } from '../model/inbox-settings.ts'
import type { Interactive } from '../model/interactive.ts'
import type { MessageContent } from '../model/message.ts'
import type { OutboxRow } from '../outbox/outbox.ts'

export interface Saying {
  workspaceId: string
  conversationId: string
  contactId: string
  /** What it is, for the trace: `welcome`, `nudge` … */
  what: string
  /** What it is said for: said once for each, whatever crashes. */
  basis: string
  message: AutomaticMessage
  causeId?: string | undefined
}

const keyPrefix = 'chat:'

/** What a chat says by itself answers nobody. */
export function isAutomatic(sendKey: string): boolean {
  return sendKey.startsWith(keyPrefix)
}

/**
 * Plans what a chat says by itself, in the caller's transaction, which has locked the chat; a workflow sends it. What may not
 * go out (the window is closed, the contact refused messages) is left unsaid, and a fact says why.
 */
export async function say(
  em: Em,
  saying: Saying,
): Promise<{ messageId: string | null; outbox: OutboxRow[] }> {
  const { workspaceId, conversationId, contactId, what, basis, causeId } = saying
  try {
    const content = await contentOf(em, workspaceId, saying.message)
    return await planFromInbox(
      em,
      {
        ...{ workspaceId, conversationId, vars: {}, class: 'utility', isAutomatic: true, causeId },
        ...{
          what: { content },
          key: `${keyPrefix}${what}:${conversationId}:${basis}`,
          by: `the chat (${what})`,
        },
      },
      content,
    )
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const data = { conversation: conversationId, what, code: error.code, reason: error.message }
    await recordFacts(em, workspaceId, [
      { id: newId(), atMs: Date.now(), kind: 'chat.unsaid', contactId, causeId, data },
    ])
    return { messageId: null, outbox: [] }
  }
}

async function contentOf(em: Em, workspaceId: string, message: AutomaticMessage): Promise<MessageContent> {
  if ('text' in message) return { type: 'text', text: { body: message.text } }
  if ('content' in message) return message.content
  const [block] = await em.execute<{ content: Interactive }[]>(
    'select content from blocks where workspace_id = ? and id = ? and deleted_at is null',
    [workspaceId, message.blockId],
  )
  if (!block) throw new AppError('not_found', `block ${message.blockId} does not exist`)
  return { type: 'interactive', interactive: block.content }
}
