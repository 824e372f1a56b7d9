import { findConversations } from '../conversations/find-conversations.ts'
import { markRead } from '../conversations/reads.ts'
import type { Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { findMessages } from '../inbox/find-messages.ts'
import type { DueDelivery, EndpointAccess } from './attempt-delivery.ts'
import { composeWabbitBody } from './wabbit-body.ts'
import { readFlags } from './wabbit-endpoints.ts'

export interface Composed {
  body: string
  /** What follows when it was taken, in the transaction that says so. */
  onDelivered(em: Em): Promise<void>
}

/** Larger bodies are refused by many: what one needs is asked for by its id. */
const maximumBytes = 64 * 1_024

/** What is sent of a delivery, as things stand now; undefined when nothing of it is for this receiver. */
export async function composeDelivery(
  deps: Deps,
  endpoint: EndpointAccess,
  delivery: DueDelivery,
): Promise<Composed | undefined> {
  return endpoint.form === 'wabbit'
    ? composeForUser(deps, endpoint, delivery)
    : composeStandard(deps, endpoint, delivery)
}

/** As Wabbit tells it: what its receiver takes, its user has received. */
async function composeForUser(
  deps: Deps,
  { workspaceId, userId, kinds }: EndpointAccess,
  delivery: DueDelivery,
): Promise<Composed | undefined> {
  const { conversationId } = delivery
  if (userId === null) return undefined
  const told = await composeWabbitBody(deps, { workspaceId, userId, ...readFlags(kinds) }, delivery)
  if (!told) return undefined
  return {
    body: JSON.stringify(told.body),
    async onDelivered(em) {
      if (told.messageIds.length === 0 || conversationId === null) return
      const [last] = await em.execute<{ until: string | null }[]>(
        `select max(sent_by_customer_at)::text as until from messages
         where workspace_id = ? and id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
        [workspaceId, JSON.stringify(told.messageIds)],
      )
      await markRead(em, { workspaceId, conversationId, userId, until: last?.until ?? null })
    },
  }
}

async function composeStandard(
  deps: Deps,
  { workspaceId }: EndpointAccess,
  { kind, conversationId, data, at }: DueDelivery,
): Promise<Composed> {
  const { messageId } = data
  const [conversation] = await findConversations(
    deps,
    workspaceId,
    conversationId === null ? [] : [conversationId],
  )
  const [message] = await findMessages(deps, workspaceId, typeof messageId === 'string' ? [messageId] : [])
  const shown = conversation && without(conversation)
  const ids = { conversationId, ...data }
  const whole = JSON.stringify({
    ...{ type: kind, timestamp: at },
    data: { ...ids, ...(message && { message }), ...(shown && { conversation: shown }) },
  })
  const body =
    Buffer.byteLength(whole) <= maximumBytes
      ? whole
      : JSON.stringify({ type: kind, timestamp: at, data: { ...ids, truncated: true } })
  return { body, onDelivered: async () => undefined }
}

/** Nobody in particular has read nothing. */
function without<T extends { unread: number; isUnread: boolean }>(
  conversation: T,
): Omit<T, 'unread' | 'isUnread'> {
  const { unread: _unread, isUnread: _isUnread, ...rest } = conversation
  return rest
}
