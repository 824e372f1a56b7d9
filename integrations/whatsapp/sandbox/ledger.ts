import type { Journal } from './journal.ts'
import type { SettingsHolder } from './settings.ts'

export type SentStatus = 'accepted' | 'sent' | 'delivered' | 'read' | 'failed'

/** One accepted message of the business. `status` moves on while the sandbox plays the network. */
export type SentMessage = {
  seq: number
  id: string
  phoneNumberId: string
  /** Digits of the phone, or the BSUID or group id that was addressed. */
  to: string
  type: string
  payload: Record<string, unknown>
  bizOpaqueCallbackData: string | null
  acceptedAtMs: number
  status: SentStatus
  failure?: { code: number; details: string }
}

export type Ledger = ReturnType<typeof createLedger>

/**
 * Every accepted message in order. Memory is bounded: above `ledgerLimit` the oldest tenth is let go (said
 * in the log), so `total` counts what is kept.
 */
export function createLedger(deps: {
  settings: SettingsHolder
  journal: Journal
  log: (message: string) => void
}) {
  const { settings, journal, log } = deps
  let messages: SentMessage[] = []
  let byRecipient = new Map<string, SentMessage[]>()
  let lastSeq = 0

  function index(message: SentMessage) {
    const same = byRecipient.get(message.to)
    if (same) same.push(message)
    else byRecipient.set(message.to, [message])
  }

  function evict() {
    messages = messages.slice(Math.ceil(settings.current.ledgerLimit / 10))
    byRecipient = new Map()
    for (const message of messages) index(message)
    log(`the ledger is full: its oldest messages are forgotten, from ${messages[0]?.seq} on are kept`)
  }

  function restore(message: SentMessage) {
    lastSeq = Math.max(lastSeq, message.seq)
    messages.push(message)
    index(message)
    if (messages.length > settings.current.ledgerLimit) evict()
  }

  return {
    restore,
    record(message: Omit<SentMessage, 'seq' | 'status'>): SentMessage {
      const entry: SentMessage = { seq: lastSeq + 1, ...message, status: 'accepted' }
      restore(entry)
      const { status: _status, ...kept } = entry
      journal.append({ kind: 'sent', message: kept })
      return entry
    },
    /** A page after `after`, in order; `total` counts all pages. */
    page({ addresses, after, limit }: { addresses: string[] | null; after: number; limit: number }) {
      const matching = addresses === null ? messages : sentTo(byRecipient, addresses)
      const start = firstAfter(matching, after)
      return { messages: matching.slice(start, start + limit).map(toWire), total: matching.length }
    },
    all: () => messages,
    /** Sequence numbers go on, so that a cursor held from before stays good. */
    clear() {
      messages = []
      byRecipient = new Map()
      journal.append({ kind: 'ledger-cleared' })
    },
    restoreCleared() {
      messages = []
      byRecipient = new Map()
    },
  }
}

/** A person may have been addressed by phone and by BSUID. */
function sentTo(byRecipient: Map<string, SentMessage[]>, addresses: string[]): SentMessage[] {
  const lists = addresses.flatMap((address) => {
    const list = byRecipient.get(address)
    return list ? [list] : []
  })
  const [only = []] = lists
  return lists.length < 2 ? only : lists.flat().sort((one, other) => one.seq - other.seq)
}

function firstAfter(messages: SentMessage[], seq: number): number {
  let low = 0
  let high = messages.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((messages[middle]?.seq ?? 0) > seq) high = middle
    else low = middle + 1
  }
  return low
}

function toWire({ acceptedAtMs, status, failure, ...message }: SentMessage) {
  return {
    ...message,
    acceptedAt: new Date(acceptedAtMs).toISOString(),
    status,
    ...(failure ? { failure } : {}),
  }
}
