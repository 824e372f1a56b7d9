import type { ChatAccess } from '../conversations/access.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { findConversations } from '../conversations/find-conversations.ts'
import { findMessages } from '../inbox/find-messages.ts'
import { findFormerHolders, findHolders, mayRead, type ChatHolder } from './chat-holders.ts'
import type { LiveEvent } from './read-events.ts'

/** An event as it goes over a socket, written once for all who may see it. */
export interface ShownEvent {
  event: LiveEvent
  /** The same bytes for everybody: no socket makes its own. */
  frame: Buffer
  /** Who has the chat; undefined of what is no chat's. */
  holder: ChatHolder | undefined
  /** Of an assignment: who had the chat before. */
  former: ChatHolder | undefined
}

/** Looks up what stands behind events of one workspace, each chat and each message once. */
export async function showEvents(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  events: readonly LiveEvent[],
): Promise<ShownEvent[]> {
  if (events.length === 0) return []
  const em = forkFor(deps.orm, workspaceId)
  const chatIds = distinct(events.map(({ conversationId }) => conversationId))
  const assigned = events.flatMap((event) =>
    event.kind === 'conversation.assigned' ? [event.data.eventId] : [],
  )
  const [holders, formers, conversations, messages] = await Promise.all([
    findHolders(em, workspaceId, chatIds),
    findFormerHolders(em.fork(), workspaceId, assigned),
    findConversations(deps, workspaceId, distinct(events.map(shownConversation))),
    findMessages(deps, workspaceId, distinct(events.map(shownMessage))),
  ])
  // How much somebody has not read yet is another thing for each: a screen goes on from what it knows.
  const conversationOf = new Map(
    conversations.map(({ unread: _unread, isUnread: _isUnread, ...conversation }) => [
      conversation.id,
      conversation,
    ]),
  )
  const messageOf = new Map(messages.map((message) => [message.id, message]))
  return events.map((event) => {
    const { seq, kind, conversationId, data, at } = event
    const conversation = conversationOf.get(shownConversation(event) ?? '')
    const message = messageOf.get(shownMessage(event) ?? '')
    return {
      event,
      frame: toFrame({
        ...{ type: 'event', seq, kind, conversationId, at, data },
        ...(conversation && { conversation }),
        ...(message && { message }),
      }),
      holder: conversationId === null ? undefined : (holders.get(conversationId) ?? nobody),
      former: kind === 'conversation.assigned' ? formers.get(event.data.eventId) : undefined,
    }
  })
}

const nobody: ChatHolder = { userId: null, groupId: null }

/**
 * What somebody is sent of an event: all of it, that a chat is theirs no more, or nothing.
 * @param access what they may now: it is judged by who has the chat now, whoever had it then.
 */
export function frameFor(
  access: ChatAccess,
  { event, frame, holder, former }: ShownEvent,
): Buffer | undefined {
  if (event.kind === 'chat.read' || event.kind === 'notification.created') {
    if (event.data.userId !== access.userId) return undefined
  }
  if (holder === undefined || mayRead(access, holder)) return frame
  if (!former || !mayRead(access, former)) return undefined
  const { seq, conversationId, at } = event
  return toFrame({
    ...{ type: 'event', seq, kind: 'conversation.gone', conversationId, at, data: {} },
  })
}

function toFrame(frame: object): Buffer {
  return Buffer.from(JSON.stringify(frame))
}

/** The chat as lists show it, where it is another than before. */
function shownConversation({ kind, conversationId }: LiveEvent): string | null {
  return kind === 'message.changed' || kind === 'message.tagged' || kind === 'note.changed'
    ? null
    : conversationId
}

function shownMessage({ data }: LiveEvent): string | null {
  return 'messageId' in data ? data.messageId : null
}

function distinct(ids: (string | null)[]): string[] {
  return [...new Set(ids.filter((id) => id !== null))]
}
