import type { Conversation, Message, Named } from '../../api/inbox-shapes.ts'

/** What the server says over the socket. */
export type Frame =
  | { type: 'hello'; cursor: string }
  | { type: 'cursor'; cursor: string }
  /** Too much was missed: everything is looked at anew. */
  | { type: 'reset' }
  | BesideFrame
  | EventFrame

/** As anybody may see it: who has read how much is nobody else's. */
export type ToldConversation = Omit<Conversation, 'unread' | 'isUnread'>

export interface EventFrame {
  type: 'event'
  seq: string | number
  kind: string
  conversationId: string | null
  data: { messageId?: string; userId?: string; id?: string; noteId?: string }
  conversation?: ToldConversation | null
  message?: Message | null
}

/** What a colleague does in a conversation just now. */
export interface BesideFrame {
  type: 'typing' | 'looking' | 'left'
  conversationId: string
  user: Named
}

/** Frames of a newer server that are not known here are none. */
export function readFrame(data: unknown): Frame | undefined {
  try {
    const frame: unknown = JSON.parse(String(data))
    const isFrame = frame !== null && typeof frame === 'object' && 'type' in frame
    return isFrame && known.has(String(frame.type)) ? (frame as Frame) : undefined
  } catch {
    return undefined
  }
}

const known = new Set(['hello', 'cursor', 'reset', 'typing', 'looking', 'left', 'event'])
