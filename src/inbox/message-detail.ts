import type { JsonObject } from '../model/json.ts'

/** A message as the API shows one. Of what we sent, `ledger` says what became of it. */
export interface MessageDetail {
  id: string
  conversationId: string
  numberId: string
  contactId: string
  direction: 'in' | 'out'
  type: string
  content: JsonObject
  text: string
  wamid: string | null
  contextWamid: string | null
  runId: string | null
  cardId: string | null
  createdAt: string
  /** When the customer's phone sent it. */
  sentByCustomerAt: string | null
  editedAt: string | null
  /** By its sender: what it said is gone. */
  deletedAt: string | null
  sender: MessageSender
  quoted: QuotedMessage | null
  reactions: MessageReaction[]
  media: MessageMedia | null
  ledger: MessageLedger | null
}

export interface MessageSender {
  kind: 'customer' | 'user' | 'journey' | 'campaign' | 'phone' | 'api'
  id: string | null
  name: string | null
}

/** The message that this one replies to, as far as it is known here. */
interface QuotedMessage {
  id: string
  direction: 'in' | 'out'
  type: string
  text: string
  deletedAt: string | null
}

interface MessageReaction {
  direction: 'in' | 'out'
  emoji: string
  userId: string | null
  at: string
}

interface MessageMedia {
  id: string | null
  mimeType: string | null
  bytes: number | null
  name: string | null
  /** Where a small picture of it is to be had. */
  thumbnail: string | null
  state: 'ready' | 'waiting' | 'failed' | 'outside'
  /** Why there is no file, in words. */
  problem: string | null
}

interface MessageLedger {
  state: 'planned' | 'inflight' | 'accepted' | 'failed' | 'unknown' | 'skipped'
  status: string | null
  class: string | null
  attempt: number
  reasonCode: string | null
  /** WhatsApp's words, or ours where we did not send it. */
  reason: string | null
  /** Why it did not arrive, in words for people. */
  words: string | null
  acceptedAt: string | null
  sentAt: string | null
  deliveredAt: string | null
  readAt: string | null
  playedAt: string | null
  failedAt: string | null
}
