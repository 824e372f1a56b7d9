import { createHash } from 'node:crypto'
import type { Journal } from './journal.ts'
import type { SentMessage } from './ledger.ts'

const MESSAGES_KEPT_PER_CHAT = 200
const CUSTOMERS_KEPT = 200_000
export const WINDOW_MS = 24 * 60 * 60_000

/** A message of the customer, as the webhook carried it. */
export type ReceivedMessage = {
  id: string
  atMs: number
  message: Record<string, unknown>
  delivered: boolean
  readByBusiness: boolean
}
export type ChatItem = { out: SentMessage } | { in: ReceivedMessage }
export type Chat = { items: ChatItem[]; lastInboundAtMs: number; lastAtMs: number }
/** A person on WhatsApp: known by phone (waId), by business-scoped user id, or by both. */
export type Customer = { waId: string | null; userId: string; name: string; chats: Map<string, Chat> }

/** Business-scoped user ids: a country, a dot, letters, digits or further parts. */
export const bsuidPattern = /^[A-Z]{2}\.[A-Za-z0-9.]+$/

export type Phones = ReturnType<typeof createPhones>

/**
 * The customers and their chats. Bounded: 200 messages a chat, and above 200,000 customers those the
 * business wrote to first and who never answered are forgotten.
 */
export function createPhones({ journal }: { journal: Journal }) {
  const customers = new Map<string, Customer>()
  const byUserId = new Map<string, Customer>()

  /** `address` is a phone's digits or a BSUID; an unknown one is met for the first time. */
  function meet(address: string, name?: string): Customer {
    const known = find(address)
    if (known) {
      if (name && name !== known.name) rename(known, name)
      return known
    }
    const byBsuid = bsuidPattern.test(address)
    const customer: Customer = {
      waId: byBsuid ? null : address,
      userId: byBsuid ? address : userIdOf(address),
      name: name ?? (byBsuid ? `User ${address.slice(-4)}` : `Customer ${address.slice(-4)}`),
      chats: new Map(),
    }
    if (customers.size >= CUSTOMERS_KEPT) forgetSilent()
    customers.set(address, customer)
    byUserId.set(customer.userId, customer)
    if (name) journal.append({ kind: 'customer', address, name })
    return customer
  }

  function find(address: string): Customer | undefined {
    return customers.get(address) ?? byUserId.get(address)
  }

  function rename(customer: Customer, name: string) {
    customer.name = name
    journal.append({ kind: 'customer', address: addressOf(customer), name })
  }

  function forgetSilent() {
    let toForget = CUSTOMERS_KEPT / 10
    for (const [address, customer] of customers) {
      if ([...customer.chats.values()].some((chat) => chat.lastInboundAtMs > 0)) continue
      customers.delete(address)
      byUserId.delete(customer.userId)
      if (--toForget <= 0) return
    }
  }

  return {
    meet,
    find,
    all: () => [...customers.values()],
    addSent(customer: Customer, sent: SentMessage) {
      add(chatOf(customer, sent.phoneNumberId), { out: sent }, sent.acceptedAtMs)
    },
    addReceived(customer: Customer, phoneNumberId: string, received: ReceivedMessage) {
      const chat = chatOf(customer, phoneNumberId)
      chat.lastInboundAtMs = Math.max(chat.lastInboundAtMs, received.atMs)
      add(chat, { in: received }, received.atMs)
    },
  }
}

export function addressOf(customer: Customer): string {
  return customer.waId ?? customer.userId
}

function chatOf(customer: Customer, phoneNumberId: string): Chat {
  let chat = customer.chats.get(phoneNumberId)
  if (!chat) {
    chat = { items: [], lastInboundAtMs: 0, lastAtMs: 0 }
    customer.chats.set(phoneNumberId, chat)
  }
  return chat
}

function add(chat: Chat, item: ChatItem, atMs: number) {
  chat.items.push(item)
  chat.lastAtMs = Math.max(chat.lastAtMs, atMs)
  if (chat.items.length > MESSAGES_KEPT_PER_CHAT * 2) chat.items = chat.items.slice(-MESSAGES_KEPT_PER_CHAT)
}

/** The `contacts[]` item of a webhook. */
export function contactOf(customer: Customer) {
  return {
    profile: { name: customer.name },
    ...(customer.waId ? { wa_id: customer.waId } : {}),
    user_id: customer.userId,
  }
}

/** A stable BSUID for a phone: 20 digits drawn from its hash. */
function userIdOf(waId: string): string {
  const digest = createHash('sha256').update(waId).digest()
  return `US.${digest.readBigUInt64BE(0).toString().padStart(20, '1')}`
}
