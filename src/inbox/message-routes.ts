import { z } from 'zod'
import { demandChat, readAccess } from '../conversations/access.ts'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { nameActor } from '../kit/name-actor.ts'
import { defineRoute, type Actor, type Route } from '../kit/route.ts'
import { getMessage } from './find-messages.ts'
import type { MessageDetail } from './message-detail.ts'
import { messageView } from './message-view.ts'
import { retryMessage } from './retry-message.ts'
import { sendFromInbox, type InboxSender } from './send-from-inbox.ts'

const path = '/platform/v1/messages/:id'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Conversations', auth: 'key' } as const

/** Who sends: a person has the chat from then on. */
export function senderOf(actor: Actor): InboxSender {
  const isUser = actor.kind === 'user'
  return { by: nameActor(actor), isPerson: isUser, ...(isUser && { byUserId: actor.id }) }
}

/** Who may read, or write into, its chat. */
async function demandMessage(
  deps: Deps,
  actor: Actor,
  id: string,
  mode: 'read' | 'write',
): Promise<MessageDetail> {
  const message = await getMessage(deps, actor.workspaceId, id)
  const em = forkFor(deps.orm, actor.workspaceId)
  await demandChat(em, await readAccess(em, actor), message.conversationId, mode)
  return message
}

/** One message, and what can be done about it. */
export const messageRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'Show a message',
    input: { params },
    output: messageView,
    handle: async ({ deps, actor, params: { id } }) => demandMessage(deps, actor, id, 'read'),
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/retry`,
    summary: 'Send a message again that did not arrive',
    description:
      'Of a message that failed, or of which nobody knows whether it arrived: WhatsApp is really called again. What WhatsApp ' +
      'has accepted is never sent twice. A message of a journey or a campaign is sent as a new one.',
    input: { params },
    output: messageView,
    handle: async ({ deps, actor, params: { id } }) => {
      await demandMessage(deps, actor, id, 'write')
      return retryMessage(deps, { workspaceId: actor.workspaceId, messageId: id, ...senderOf(actor) })
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/reaction`,
    summary: 'React to a message with an emoji, or take the reaction back',
    input: {
      params,
      body: z.object({
        emoji: z.string().min(1).max(32).nullable().meta({ description: 'null takes it back' }),
      }),
    },
    output: messageView,
    handle: async ({ deps, actor, params: { id }, body, request }) => {
      const { workspaceId } = actor
      const { conversationId } = await demandMessage(deps, actor, id, 'write')
      const sender = senderOf(actor)
      const reaction = { message_id: id, emoji: body.emoji ?? '' }
      await sendFromInbox(deps, {
        ...{ ...sender, workspaceId, conversationId, vars: {}, class: 'utility' },
        what: { content: { type: 'reaction', reaction } },
        key: `inbox:${sender.by}:${request.get('idempotency-key') ?? newId()}`,
      })
      return getMessage(deps, workspaceId, id)
    },
  }),
]
