import type { Flows, SandboxFlow } from './flows.ts'
import type { Identities } from './identities.ts'
import type { Inbound } from './inbound.ts'
import type { Journal, JournalRecord } from './journal.ts'
import type { Ledger, SentMessage, SentStatus } from './ledger.ts'
import type { Media, StoredMedia } from './media.ts'
import { addressOf, type Phones, type ReceivedMessage } from './phones.ts'
import type { Profiles } from './profiles.ts'
import type { Statuses } from './statuses.ts'
import type { Template, Templates } from './templates.ts'

/** Messages accepted this long before a restart still get the statuses they are owed. */
const OWED_STATUS_MS = 60 * 60_000

type Parts = {
  journal: Journal
  ledger: Ledger
  phones: Phones
  inbound: Inbound
  media: Media
  templates: Templates
  flows: Flows
  profiles: Profiles
  identities: Identities
  statuses: Statuses
}

/** Brings back what the data file holds: ledger, chats, media, templates, profiles. */
export function loadState(parts: Parts) {
  const { journal, ledger, phones, inbound, media, templates, flows, profiles, identities, statuses } = parts
  const sentById = new Map<string, SentMessage>()

  const apply: Record<string, (record: JournalRecord) => void> = {
    sent(record) {
      const sent: SentMessage = { ...(record.message as Omit<SentMessage, 'status'>), status: 'accepted' }
      if (record.status) sent.status = record.status as SentStatus
      sentById.set(sent.id, sent)
      if (record.cleared !== true) ledger.restore(sent)
      phones.addSent(phones.meet(sent.to), sent)
    },
    status(record) {
      const sent = sentById.get(record.id as string)
      if (sent) sent.status = record.status as SentStatus
    },
    received(record) {
      const received = { ...(record.received as ReceivedMessage), delivered: true }
      inbound.restore(phones.meet(record.address as string), record.phoneNumberId as string, received)
    },
    customer: (record) => void phones.meet(record.address as string, record.name as string),
    'ledger-cleared': () => ledger.restoreCleared(),
    media: (record) => void media.restore(record.media as StoredMedia),
    'media-removed': (record) => void media.restoreRemoved(record.id as string),
    template: (record) => templates.restore(record.template as Template),
    'template-removed': (record) => templates.restoreRemoved(record.id as string),
    flow: (record) => flows.restore(record.flow as SandboxFlow),
    'flow-removed': (record) => flows.restoreRemoved(record.id as string),
    'flow-key': (record) => flows.restoreKey(record.phoneNumberId as string, record.publicKey as string),
    profile: (record) => void profiles.restore(record.phoneNumberId as string, record.profile as object),
    identity: (record) => identities.restoreTurn(record.address as string, record.turn as number),
    'identity-check': (record) =>
      identities.restoreCheck(record.phoneNumberId as string, record.enabled as boolean),
  }

  // What is replayed is already in the file.
  const lineCount = journal.quietly(() => journal.load((record) => apply[record.kind]?.(record)))
  journal.compact(lineCount, () => aliveRecords(parts))

  const oldestMs = Date.now() - OWED_STATUS_MS
  for (const sent of sentById.values()) {
    if (sent.acceptedAtMs < oldestMs || sent.status === 'failed' || sent.status === 'read') continue
    statuses.schedule(sent, phones.meet(sent.to), 'service')
  }
}

function aliveRecords({
  ledger,
  phones,
  media,
  templates,
  flows,
  profiles,
  identities,
}: Parts): JournalRecord[] {
  const inLedger = new Set(ledger.all())
  const timed = new Map<SentMessage | ReceivedMessage, { atMs: number; record: JournalRecord }>()
  const addSent = (message: SentMessage) => {
    const record = {
      kind: 'sent',
      message,
      status: message.status,
      ...(inLedger.has(message) ? {} : { cleared: true }),
    }
    timed.set(message, { atMs: message.acceptedAtMs, record })
  }
  const customers = phones.all()
  for (const customer of customers) {
    for (const [phoneNumberId, chat] of customer.chats) {
      for (const item of chat.items) {
        if ('out' in item) addSent(item.out)
        else {
          const record = { kind: 'received', address: addressOf(customer), phoneNumberId, received: item.in }
          timed.set(item.in, { atMs: item.in.atMs, record })
        }
      }
    }
  }
  for (const message of inLedger) addSent(message)
  const messages = [...timed.values()].sort(
    (one, other) => one.atMs - other.atMs || seqOf(one) - seqOf(other),
  )
  return [
    ...customers.map((one) => ({ kind: 'customer', address: addressOf(one), name: one.name })),
    ...media.all().map((one) => ({ kind: 'media', media: one })),
    ...templates.all().map((template) => ({ kind: 'template', template })),
    ...flows.all().map((flow) => ({ kind: 'flow', flow })),
    ...flows.allKeys().map(([phoneNumberId, publicKey]) => ({ kind: 'flow-key', phoneNumberId, publicKey })),
    ...profiles.all().map((one) => ({ kind: 'profile', ...one })),
    ...identities.all(),
    ...messages.map(({ record }) => record),
  ]
}

function seqOf({ record }: { record: JournalRecord }): number {
  return (record.message as SentMessage | undefined)?.seq ?? 0
}
