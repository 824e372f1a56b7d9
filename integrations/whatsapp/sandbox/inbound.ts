import { z } from 'zod'
import type { Identities } from './identities.ts'
import type { Journal } from './journal.ts'
import type { Media } from './media.ts'
import { addressOf, type Customer, type Phones, type ReceivedMessage } from './phones.ts'
import { placeholderBytes } from './placeholders.ts'
import type { Rates } from './rates.ts'
import { newMessageId } from './send.ts'
import type { SettingsHolder } from './settings.ts'
import type { Webhooks } from './webhooks.ts'

type Json = Record<string, unknown>
type Deps = {
  settings: SettingsHolder
  phones: Phones
  media: Media
  rates: Rates
  webhooks: Webhooks
  journal: Journal
  identities: Identities
  onReceived: (customer: Customer, phoneNumberId: string) => void
}

/** What `POST /sandbox/phones/{wa_id}/messages` takes: a webhook message without id and timestamp. */
export const speechSchema = z.strictObject({
  name: z.string().min(1).optional(),
  phoneNumberId: z.string().optional(),
  message: z.looseObject({ type: z.string().min(1) }),
})
export type Speech = z.infer<typeof speechSchema>

export type Inbound = ReturnType<typeof createInbound>

/** The customer's side: speaks into the business's webhook and opens the 24-hour window. */
export function createInbound(deps: Deps) {
  const { settings, phones, media, rates, webhooks, journal, identities, onReceived } = deps
  const byId = new Map<string, { received: ReceivedMessage; phone: string; phoneNumberId: string }>()

  function remember(customer: Customer, phoneNumberId: string, received: ReceivedMessage) {
    phones.addReceived(customer, phoneNumberId, received)
    byId.set(received.id, { received, phone: addressOf(customer), phoneNumberId })
    if (byId.size > 100_000) byId.delete(byId.keys().next().value as string)
  }

  return {
    /** Null when the number is not one of ours. Settles after the first attempt of the webhook. */
    async speak(address: string, { name, phoneNumberId, message }: Speech) {
      const customer = phones.meet(address, name)
      const number = numberFor(settings, customer, phoneNumberId)
      if (number === null) return null
      const received = receivedFrom(customer, withMedia(media, message, number))
      remember(customer, number, received)
      const { delivered: _delivered, ...kept } = received
      journal.append({
        kind: 'received',
        address: addressOf(customer),
        phoneNumberId: number,
        received: kept,
      })
      rates.countInbound(number)
      onReceived(customer, number)
      const delivered = await webhooks.pushAndWait({
        part: 'messages',
        phoneNumberId: number,
        item: received.message,
        customer,
        identityHash: identities.toldHash(number, customer),
      })
      received.delivered = delivered
      if (delivered) onReceived(customer, number)
      return { id: received.id, delivered }
    },
    restore: remember,
    /** The business read it. An id from before our time is let pass: its webhook may not have been ours. */
    markRead(messageId: string) {
      const place = byId.get(messageId)
      if (!place || place.received.readByBusiness) return
      place.received.readByBusiness = true
      const customer = phones.find(place.phone)
      if (customer) onReceived(customer, place.phoneNumberId)
    },
    placeOf(messageId: string) {
      const place = byId.get(messageId)
      return place && { phone: place.phone, phoneNumberId: place.phoneNumberId }
    },
  }
}

/** Without a number named, the customer answers where the last word fell, or calls the first number. */
function numberFor(settings: SettingsHolder, customer: Customer, phoneNumberId: string | undefined) {
  if (phoneNumberId !== undefined) return settings.number(phoneNumberId) ? phoneNumberId : null
  const chats = [...customer.chats].filter(([id]) => settings.number(id))
  chats.sort(([, one], [, other]) => other.lastAtMs - one.lastAtMs)
  return chats[0]?.[0] ?? settings.current.numbers[0]?.phoneNumberId ?? null
}

function receivedFrom(customer: Customer, message: Json): ReceivedMessage {
  const atMs = Date.now()
  const full: Json = {
    ...(customer.waId ? { from: customer.waId } : {}),
    from_user_id: customer.userId,
    id: newMessageId(),
    timestamp: String(Math.floor(atMs / 1000)),
    ...message,
  }
  return { id: String(full.id), atMs, message: full, delivered: false, readByBusiness: false }
}

/** A media message without an id gets a small file of its type, so that downloading it works. */
function withMedia(media: Media, message: Json, phoneNumberId: string): Json {
  const type = String(message.type)
  const sample = placeholderBytes[type]
  const content = message[type] ?? {}
  if (!sample || typeof content !== 'object') return message
  const given = content as { id?: string | number }
  const stored =
    given.id === undefined
      ? media.store({ phoneNumberId, mimeType: sample.mimeType, bytes: sample.bytes, fileName: null })
      : media.get(String(given.id))
  // An id that we do not hold was made up by the caller, to be passed on as it is.
  if (!stored) return message
  return {
    ...message,
    [type]: { mime_type: stored.mimeType, sha256: stored.sha256, ...given, id: stored.id },
  }
}
