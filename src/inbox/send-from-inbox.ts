import { sendWorkflowId } from '../../workflows/contract.ts'
import { recordFacts } from '../analytics/facts.ts'
import { getBlock } from '../blocks/find-blocks.ts'
import { findRefused, judgeRefused } from '../consent/find-refused.ts'
import { toContactView } from '../contacts/contact-view.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { announce } from '../live/announce.ts'
import { checkMediaReference } from '../media/check-media-reference.ts'
import { AppError, type ErrorCode } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { describeContent, type MessageClass, type MessageContent } from '../model/message.ts'
import { enqueue, type OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { ruleWritten } from '../rules/route-chat.ts'
import { takeOverByDeed } from '../takeover/take-over-by-deed.ts'
import { composeMessage } from './compose-message.ts'
import { getMessage } from './find-messages.ts'
import { lockTarget } from './lock-target.ts'
import type { MessageDetail } from './message-detail.ts'
import { resolveMessageIds, type Addressed } from './resolve-message-ids.ts'

/** Who sends a message from the inbox. */
export interface InboxSender {
  /** For the trace. */
  by: string
  /** A person who writes has the chat from then on. */
  isPerson?: boolean
  byUserId?: string
}

export interface InboxSend extends InboxSender {
  workspaceId: string
  conversationId: string
  /** A block by id is sent as it stands now. */
  what: { blockId: string } | { content: MessageContent }
  vars: JsonObject
  /** What looks like a placeholder is none: the words are somebody's own. */
  isLiteral?: boolean
  class: MessageClass
  /** The same key is the same message, for ever. */
  key: string
  /** What it follows from. */
  causeId?: string | undefined
  /** What is done with it, in its transaction: it is done when the message is planned, or neither is. */
  also?: ((em: Em) => Promise<OutboxRow[]>) | undefined
}

/**
 * Puts a message into the ledger, rendered, and has it sent by a workflow of its own: what was answered with its id is sent
 * whatever becomes of this process. What may not go out is refused here, and nothing is left of it.
 */
export async function sendFromInbox(deps: Deps, input: InboxSend): Promise<MessageDetail> {
  const { workspaceId, what } = input
  const content: MessageContent =
    'content' in what
      ? what.content
      : { type: 'interactive', interactive: (await getBlock(deps, workspaceId, what.blockId)).content }
  const em = forkFor(deps.orm, workspaceId)
  await checkMediaReference(em, workspaceId, content, 'content')
  const planned = await em.transactional((tx) => planFromInbox(tx, input, content))
  relaySoon(deps, planned.outbox)
  return getMessage(deps, workspaceId, planned.messageId)
}

/** In the caller's transaction, which nothing is left in when it is refused. */
export async function planFromInbox(
  em: Em,
  input: InboxSend,
  written: MessageContent,
): Promise<{ messageId: string; outbox: OutboxRow[] }> {
  const { workspaceId, key, vars } = input
  const numberId = await numberOf(em, input)
  const target = await lockTarget(em, { workspaceId, numberId, conversationId: input.conversationId })
  const { conversation_id: conversationId, contact_id: contactId } = target
  const [before] = await em.execute<{ id: string; conversation_id: string }[]>(
    'select id, conversation_id from messages where workspace_id = ? and send_key = ?',
    [workspaceId, key],
  )
  if (before && before.conversation_id !== conversationId) {
    throw new AppError('conflict', 'this key was used for a message in another conversation')
  }
  if (before) return { messageId: before.id, outbox: [] }
  const addressed = await resolveMessageIds(em, { workspaceId, conversationId }, written)
  const { content, refusal } = composeMessage(
    addressed.content,
    input.isLiteral ? undefined : { contact: toContactView(target), vars, nowMs: Date.now() },
    {
      unwanted: await judgeRefused(
        em,
        { workspaceId, numberId, class: input.class, content: written },
        await findRefused(em, workspaceId, contactId),
      ),
      reachable: Boolean(target.wa_id || target.bsuid),
      windowOpen: target.window_open,
    },
  )
  if (refusal) throw new AppError(refusal.code as ErrorCode, refusal.reason)
  const place = { ...addressed, content, contactId, conversationId, numberId }
  const messageId = await writePlanned(em, input, place)
  const workflowId = sendWorkflowId(workspaceId, messageId)
  const deed = { workspaceId, conversationId, kind: 'message' as const, by: input.by }
  // A reaction answers nobody.
  const held = input.isPerson && content.type !== 'reaction' ? await takeOverByDeed(em, deed) : []
  const sent = await enqueue(em, [{ name: 'send', workflowId, payload: { workspaceId, messageId } }])
  const ruled = input.byUserId ? await ruleWritten(em, { workspaceId, messageIds: [messageId] }) : []
  const done = (await input.also?.(em)) ?? []
  return { messageId, outbox: [...done, ...held, ...sent, ...ruled] }
}

async function numberOf(em: Em, { workspaceId, conversationId }: InboxSend): Promise<string> {
  const [row] = await em.execute<{ number_id: string }[]>(
    'select number_id from conversations where id = ? and workspace_id = ?',
    [conversationId, workspaceId],
  )
  if (!row) throw new AppError('not_found', `conversation ${conversationId} does not exist`)
  return row.number_id
}

async function writePlanned(
  em: Em,
  { workspaceId, key, class: messageClass, by, byUserId, what, causeId }: InboxSend,
  place: Addressed & { contactId: string; conversationId: string; numberId: string },
): Promise<string> {
  const { content, contactId, conversationId, numberId } = place
  const id = newId()
  const factId = newId()
  await em.execute(
    `insert into messages (id, workspace_id, conversation_id, number_id, contact_id, direction, type, content, text,
       fact_id, send_key, class, state, by_user_id, context_wamid, target_wamid)
     values (?, ?, ?, ?, ?, 'out', ?, ?::jsonb, ?, ?, ?, ?, 'planned', ?, ?, ?)`,
    [
      id,
      workspaceId,
      conversationId,
      numberId,
      contactId,
      content.type,
      JSON.stringify(content),
      describeContent(content),
      factId,
      key,
      messageClass,
      byUserId ?? null,
      place.contextWamid,
      place.targetWamid,
    ],
  )
  const data = { message: id, by, ...('blockId' in what && { block: what.blockId }) }
  await recordFacts(em, workspaceId, [
    { id: factId, atMs: Date.now(), kind: 'message.requested', contactId, causeId, data },
  ])
  if (place.targetWamid) await tellReaction(em, workspaceId, { ...place, targetWamid: place.targetWamid })
  return id
}

/** A reaction is told as a change of what it reacts to. */
async function tellReaction(
  em: Em,
  workspaceId: string,
  place: { conversationId: string; numberId: string; targetWamid: string },
): Promise<void> {
  const { conversationId, numberId, targetWamid } = place
  const targets = await em.execute<{ id: string }[]>(
    'select id from messages where workspace_id = ? and number_id = ? and wamid = ? and conversation_id = ?',
    [workspaceId, numberId, targetWamid, conversationId],
  )
  await announce(
    em,
    workspaceId,
    targets.map(({ id: messageId }) => ({
      ...{ kind: 'message.changed' as const, conversationId, data: { messageId, what: 'reaction' } },
    })),
  )
}
