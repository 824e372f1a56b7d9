import { addressOf, type Customer, contactOf } from './phones.ts'
import type { SettingsHolder } from './settings.ts'

type Json = Record<string, unknown>

/** One item of a webhook: a message or status of a number, or any other field's value of an account. */
export type WebhookItem =
  | {
      part: 'messages' | 'statuses'
      phoneNumberId: string
      item: Json
      customer: Customer
      /** Of the sender, when the number asked for it. */
      identityHash?: string | undefined
    }
  | { part: 'value'; field: string; wabaId: string; value: Json }

type Entry = { id: string; time: number; changes: Json[] }
type Group = { seen: Set<string>; contacts: Json[]; list: Json[] }

/** Groups items as Meta does: an entry an account, a change a number and kind, contacts once each. */
export function batchBody(items: WebhookItem[], settings: SettingsHolder) {
  const entries = new Map<string, Entry>()
  const groups = new Map<string, Group>()
  for (const item of items) {
    if (item.part === 'value') {
      entryOf(entries, item.wabaId).changes.push({ value: item.value, field: item.field })
      continue
    }
    const key = `${item.phoneNumberId} ${item.part}`
    const group = groups.get(key) ?? startGroup(item.phoneNumberId, item.part)
    groups.set(key, group)
    group.list.push(item.item)
    const address = addressOf(item.customer)
    if (group.seen.has(address)) continue
    group.seen.add(address)
    const { identityHash } = item
    const contact = contactOf(item.customer)
    group.contacts.push(identityHash ? { ...contact, identity_key_hash: identityHash } : contact)
  }
  return { object: 'whatsapp_business_account', entry: [...entries.values()] }

  function startGroup(phoneNumberId: string, part: 'messages' | 'statuses'): Group {
    const number = settings.number(phoneNumberId)
    const group: Group = { seen: new Set(), contacts: [], list: [] }
    const value = {
      messaging_product: 'whatsapp',
      metadata: {
        display_phone_number: (number?.displayNumber ?? phoneNumberId).replace(/\D/g, ''),
        phone_number_id: phoneNumberId,
      },
      contacts: group.contacts,
      [part]: group.list,
    }
    entryOf(entries, number?.wabaId ?? '0').changes.push({ value, field: 'messages' })
    return group
  }
}

function entryOf(entries: Map<string, Entry>, wabaId: string): Entry {
  const entry = entries.get(wabaId) ?? { id: wabaId, time: Math.floor(Date.now() / 1000), changes: [] }
  entries.set(wabaId, entry)
  return entry
}
