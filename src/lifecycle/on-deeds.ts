import type { Em } from '../db/orm.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { holdForReply } from './hold-for-reply.ts'
import { wakeChats } from './timers.ts'

/**
 * What somebody's deed does to a chat's clock, in the transaction of the deed. The chat's workflow plans its timers anew from
 * the rows, so most deeds only wake it. What is returned is relayed after the commit.
 */
interface ChatRef {
  workspaceId: string
  conversationId: string
}

/** An episode began other than by a customer's message: `customerWrote` tells of those. */
export async function episodeOpened(em: Em, chat: ChatRef): Promise<OutboxRow[]> {
  return wakeChats(em, chat.workspaceId, [chat.conversationId])
}

/**
 * Customers' messages were stored; those that ask for no answer (reactions and the like) are not told here.
 * @param awaited by a journey, which hears of them: the chat's own workflow does not
 */
export async function customerWrote(
  em: Em,
  workspaceId: string,
  messages: { id: string; conversationId: string; factId: string }[],
  awaited: ReadonlyMap<string, unknown>,
): Promise<OutboxRow[]> {
  if (messages.length === 0) return []
  const { configured } = await holdForReply(em, workspaceId, messages)
  const unheard = messages.filter(({ id }) => awaited.has(id))
  if (!configured || unheard.length === 0) return []
  return wakeChats(
    em,
    workspaceId,
    unheard.map(({ conversationId }) => conversationId),
  )
}

/**
 * A person, a bot or an API answered the customer, or somebody on the phone did. What journeys say is seen when a timer is
 * due: no wake a message.
 */
export async function answered(em: Em, chat: ChatRef): Promise<OutboxRow[]> {
  return wakeLive(em, chat)
}

/** The chat is somebody's, or nobody's any more. */
export async function assigned(em: Em, chat: ChatRef): Promise<OutboxRow[]> {
  return wakeLive(em, chat)
}

/** Open, pending or snoozed; closing is told by `episodeClosed`. A snooze's end is read from the conversation. */
export async function statusChanged(em: Em, { workspaceId, conversationId }: ChatRef): Promise<OutboxRow[]> {
  return wakeChats(em, workspaceId, [conversationId])
}

export async function episodeClosed(
  em: Em,
  chats: { workspaceId: string; conversationId: string; episodeId: string },
): Promise<OutboxRow[]> {
  return wakeLive(em, chats)
}

/** A chat without a live episode or a timer has no clock that could be different; nobody configured, nothing is woken. */
async function wakeLive(em: Em, { workspaceId, conversationId }: ChatRef): Promise<OutboxRow[]> {
  const [live] = await em.execute<object[]>(
    `select 1 from conversations v where v.id = ? and v.workspace_id = ? and (
       exists (select 1 from inbox_settings s where s.workspace_id = v.workspace_id)
       or exists (select 1 from chat_timers t where t.conversation_id = v.id and t.fired_at is null)
       or exists (select 1 from scheduled_messages m where m.conversation_id = v.id and m.state in ('scheduled', 'held')))`,
    [conversationId, workspaceId],
  )
  return live ? wakeChats(em, workspaceId, [conversationId]) : []
}
