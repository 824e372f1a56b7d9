import type { Em } from '../db/orm.ts'
import type { JsonObject } from '../model/json.ts'
import { loadChats } from './chats.ts'
import { loadAssignmentEvents, loadTaggingEvents } from './history.ts'
import type { WireAssignmentEvent, WireChatTaggingEvent, WireMessageTaggingEvent } from './history.ts'
import { loadMessages } from './messages.ts'
import { toOnPremise, type OnPremiseBody } from './on-premise.ts'
import type { WireChat, WireMessage, WireView } from './wire-view.ts'

/** What customers wrote: as the on-premise API told it, and as our lists show it. */
export async function incomingBody(
  em: Em,
  view: WireView,
  messageIds: readonly string[],
): Promise<OnPremiseBody & { incoming_messages: WireMessage[] }> {
  const messages = await loadMessages(em, view, messageIds)
  return { ...toOnPremise(messages), incoming_messages: messages }
}

/** What users of the inbox wrote. */
export async function outgoingBody(
  em: Em,
  view: WireView,
  messageIds: readonly string[],
): Promise<{ outgoing_messages: WireMessage[] }> {
  return { outgoing_messages: await loadMessages(em, view, messageIds) }
}

/** For whom a chat is assigned to: new messages in it, and at the moment of assignment those that were not received. */
export async function assignedBody(
  em: Em,
  view: WireView,
  messageIds: readonly string[],
): Promise<OnPremiseBody & { assigned_messages: WireMessage[] }> {
  const messages = await loadMessages(em, view, messageIds)
  return { ...toOnPremise(messages), assigned_messages: messages }
}

export async function assignmentBody(
  em: Em,
  view: Omit<WireView, 'userId'>,
  eventId: string,
): Promise<{ chat_assignment: WireAssignmentEvent } | undefined> {
  const [event] = await loadAssignmentEvents(em, view, [eventId])
  return event && { chat_assignment: event }
}

export type TaggingBody =
  | { chat_tagging: WireChatTaggingEvent; tagged_chats?: { new_tag: NewTag; chat: WireChat }[] }
  | {
      message_tagging: WireMessageTaggingEvent
      tagged_messages?: { new_tag: NewTag; message: WireMessage }[]
    }
interface NewTag {
  name: string
  id: number
  extra: JsonObject
}

/** A tagging, of a chat or of a message. */
export async function taggingBody(
  em: Em,
  view: Omit<WireView, 'userId'>,
  eventId: string,
): Promise<TaggingBody | undefined> {
  const [event] = await loadTaggingEvents(em, view, [eventId])
  if (!event) return undefined
  return 'chat' in event ? { chat_tagging: event } : { message_tagging: event }
}

/** The same for a rule engine, which is also told what was tagged itself, as earlier versions of the API did it. */
export async function ruledTaggingBody(
  em: Em,
  view: WireView,
  event: { id: string; conversationId: string; messageId: string | null },
): Promise<TaggingBody | undefined> {
  const body = await taggingBody(em, view, event.id)
  if (!body) return undefined
  const tagging = 'chat_tagging' in body ? body.chat_tagging : body.message_tagging
  if (tagging.action !== 'added') return body
  const new_tag = { name: tagging.tag.name, id: tagging.tag.id, extra: tagging.extra ?? {} }
  if ('chat_tagging' in body) {
    const chats = await loadChats(em, view, [event.conversationId])
    return { ...body, tagged_chats: chats.map((chat) => ({ new_tag, chat })) }
  }
  const messages = await loadMessages(em, view, event.messageId === null ? [] : [event.messageId])
  return { ...body, tagged_messages: messages.map((message) => ({ new_tag, message })) }
}
