import type { JsonObject } from '../../../src/model/json.ts'

/** What the platform API answers about the inbox, as far as the screens read it. */
export type ChatStatus = 'open' | 'pending' | 'snoozed' | 'closed'

export interface Named {
  id: string
  name: string
}
export interface Label {
  name: string
  color: string | null
}
export interface Conversation {
  id: string
  numberId: string
  number: { id: string; displayNumber: string }
  contactId: string
  contactName: string | null
  contactPhone: string | null
  status: ChatStatus
  snoozedUntil: string | null
  assignee: { user: (Named & { isBot: boolean }) | null; group: Named | null }
  priority: number
  labels: Label[]
  /** Of mine: how many messages came since I looked, at most 100. */
  unread: number
  isUnread: boolean
  lastMessage: LastMessage | null
  waitingSince: string | null
  spam: boolean
  activeAt: string | null
  windowEndsAt: string | null
  windowOpen: boolean
  floorWorkflowId: string | null
  episode: { id: string; openedAt: string; firstResponseAt: string | null } | null
}
interface LastMessage {
  id: string
  direction: 'in' | 'out'
  type: string
  text: string
  at: string
  state: string | null
  status: string | null
}

export interface Ledger {
  state: 'planned' | 'inflight' | 'accepted' | 'failed' | 'unknown' | 'skipped'
  status: string | null
  attempt: number
  reasonCode: string | null
  reason: string | null
  /** Why it did not arrive, for people. */
  words: string | null
  sentAt: string | null
  deliveredAt: string | null
  readAt: string | null
  playedAt: string | null
  failedAt: string | null
}
export interface Message {
  id: string
  conversationId: string
  direction: 'in' | 'out'
  type: string
  content: JsonObject
  text: string
  wamid: string | null
  contextWamid: string | null
  runId: string | null
  createdAt: string
  sentByCustomerAt: string | null
  editedAt: string | null
  deletedAt: string | null
  sender: {
    kind: 'customer' | 'user' | 'journey' | 'campaign' | 'phone' | 'api'
    id: string | null
    name: string | null
  }
  quoted: { id: string; direction: 'in' | 'out'; type: string; text: string; deletedAt: string | null } | null
  reactions: { emoji: string; direction: 'in' | 'out'; userId: string | null; at: string }[]
  media: MessageMedia | null
  ledger: Ledger | null
}
/** The file of a message; of what came in it is fetched from WhatsApp once. */
export interface MessageMedia {
  id: string | null
  name: string | null
  mimeType: string | null
  bytes: number | null
  /** The path of a small picture of it. */
  thumbnail: string | null
  /** `outside`: it is no file of ours. */
  state: 'ready' | 'waiting' | 'failed' | 'outside'
  problem: string | null
}

export type ChatScope = 'all' | 'group' | 'user' | 'none'
export interface Person extends Named {
  username: string
  role: 'admin' | 'user' | 'app'
  isDeactivated: boolean
  groups: Named[]
  permissions: { canReadChats: ChatScope; canWriteToChats: ChatScope; canUseTags: boolean }
}

export interface SavedResponse {
  id: string
  shortcut: string | null
  text: string
}

export interface ChatNote {
  id: string
  body: string
  mentions: Named[]
  by: string
  byUser: Named | null
  createdAt: string
  updatedAt: string
}
/** Something that happened to a conversation, in words. */
export interface ChatEvent {
  id: string
  kind: string
  at: string
  text: string
}
export interface TimelinePage {
  /** Newest first. */
  items: Message[]
  /** There is more before. */
  nextCursor: string | null
  /** There is more behind this message. */
  newerThan: string | null
  events?: ChatEvent[]
  notes?: ChatNote[]
}
