import { readAccess } from '../conversations/access.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { findHolders, mayRead, type ChatHolder } from '../live/chat-holders.ts'
import type { JsonObject } from '../model/json.ts'
import {
  assignedBody,
  assignmentBody,
  incomingBody,
  outgoingBody,
  taggingBody,
} from '../wabbit-wire/bodies.ts'
import { loadOnPremiseStatuses } from '../wabbit-wire/on-premise.ts'
import type { WireView } from '../wabbit-wire/wire-view.ts'

/** Whom an event is told to, and what of messages they want to hear. Assignments, taggings and statuses are told to each. */
export interface WabbitReceiver {
  workspaceId: string
  userId: string
  onIncomingMessage: boolean
  onOutgoingMessage: boolean
  onAssigned: boolean
}
/** By the names that endpoints hear. */
interface Told {
  kind: string
  conversationId: string | null
  data: JsonObject
}
export interface WabbitBody {
  body: object
  /** Messages of customers that it brings. */
  messageIds: string[]
}

/** So many messages of a chat that wait when it is given to somebody. */
const maximumWaiting = 100

/** What Wabbit's webhook says of an event, undefined when nothing of it is for this receiver. */
export async function composeWabbitBody(
  deps: Pick<Deps, 'orm' | 'config'>,
  receiver: WabbitReceiver,
  { kind, conversationId, data }: Told,
): Promise<WabbitBody | undefined> {
  const { workspaceId, userId } = receiver
  const em = forkFor(deps.orm, workspaceId)
  const { PUBLIC_URL, PORT } = deps.config
  const baseUrl = (PUBLIC_URL ?? `http://127.0.0.1:${PORT}`).replace(/\/+$/, '')
  const view = { workspaceId, userId, baseUrl }
  const messageId = typeof data['messageId'] === 'string' ? data['messageId'] : ''
  const eventId = typeof data['eventId'] === 'string' ? data['eventId'] : ''
  if (kind === 'conversation.assigned') return assignment(em, view, receiver, { conversationId, eventId })
  if (kind === 'conversation.tagged' || kind === 'message.tagged')
    return bare(await taggingBody(em, view, eventId))
  if (conversationId === null || messageId === '') return undefined
  const holder = (await findHolders(em, workspaceId, [conversationId])).get(conversationId)
  const access = await readAccess(em, { workspaceId, kind: 'user', id: userId })
  if (!holder || !mayRead(access, holder)) return undefined
  if (kind === 'message.received') return received(em, view, receiver, { messageId, holder })
  if (kind === 'message.sent') {
    if (!receiver.onOutgoingMessage) return undefined
    const body = await outgoingBody(em, view, [messageId])
    return body.outgoing_messages.some(({ sender }) => sender !== null) ? bare(body) : undefined
  }
  if (kind !== 'message.status') return undefined
  const status = typeof data['status'] === 'string' ? data['status'] : undefined
  return bare(await loadOnPremiseStatuses(em, workspaceId, [messageId], status))
}

function bare(body: object | undefined): WabbitBody | undefined {
  return body && Object.keys(body).length > 0 ? { body, messageIds: [] } : undefined
}

async function received(
  em: Em,
  view: WireView,
  { userId, onIncomingMessage, onAssigned }: WabbitReceiver,
  { messageId, holder }: { messageId: string; holder: ChatHolder },
): Promise<WabbitBody | undefined> {
  const isTheirs = onAssigned && holder.userId === userId
  if (!onIncomingMessage && !isTheirs) return undefined
  const body = {
    ...(onIncomingMessage && (await incomingBody(em, view, [messageId]))),
    ...(isTheirs && (await assignedBody(em, view, [messageId]))),
  }
  return { body, messageIds: [messageId] }
}

/** Whoever gets a chat is told what waits in it too. */
async function assignment(
  em: Em,
  view: WireView,
  { userId, onAssigned }: WabbitReceiver,
  { conversationId, eventId }: { conversationId: string | null; eventId: string },
): Promise<WabbitBody | undefined> {
  const body = await assignmentBody(em, view, eventId)
  if (!body || conversationId === null || !onAssigned) return bare(body)
  const waiting = await em.execute<{ id: string }[]>(
    `select w.id from (
       select m.id from assignment_events e join messages m on m.conversation_id = e.conversation_id and m.direction = 'in'
       left join conversation_reads r on r.conversation_id = m.conversation_id and r.user_id = e.user_set
       where e.id = ? and e.workspace_id = ? and e.user_set = ?
         and (r.read_until is null or m.sent_by_customer_at > r.read_until)
       order by m.id desc limit ${maximumWaiting}) as w order by w.id`,
    [eventId, view.workspaceId, userId],
  )
  const messageIds = waiting.map(({ id }) => id)
  if (messageIds.length === 0) return bare(body)
  return { body: { ...body, ...(await assignedBody(em, view, messageIds)) }, messageIds }
}
