import { createDelayQueue } from './delay-queue.ts'
import { webhookErrorItem } from './graph-errors.ts'
import type { Identities } from './identities.ts'
import type { Journal } from './journal.ts'
import type { SentMessage, SentStatus } from './ledger.ts'
import { type Customer, WINDOW_MS } from './phones.ts'
import type { SettingsHolder } from './settings.ts'
import type { Webhooks } from './webhooks.ts'

type Step = 'sent' | 'delivered' | 'read' | 'failed'
type Due = { sent: SentMessage; customer: Customer; category: string; dueMs: number }
type Deps = {
  settings: SettingsHolder
  webhooks: Webhooks
  journal: Journal
  identities: Identities
  onChange: (customer: Customer, sent: SentMessage) => void
}

const rank: Record<SentStatus, number> = { accepted: 0, sent: 1, delivered: 2, read: 3, failed: 4 }

export type Statuses = ReturnType<typeof createStatuses>

/**
 * Plays the network: each accepted message becomes sent, delivered and read after the delays of the
 * settings, or failed. One queue and one timer a step, since thousands of messages a second share a delay.
 */
export function createStatuses({ settings, webhooks, journal, identities, onChange }: Deps) {
  const queues = {
    sent: createDelayQueue<Due>((due) => emit('sent', due)),
    delivered: createDelayQueue<Due>((due) => emit('delivered', due)),
    read: createDelayQueue<Due>((due) => emit('read', due)),
    failed: createDelayQueue<Due>((due) => emit('failed', due)),
  }

  function emit(step: Step, { sent, customer, category }: Due) {
    if (rank[step] > rank[sent.status]) {
      sent.status = step
      journal.append({ kind: 'status', id: sent.id, status: step })
      onChange(customer, sent)
    }
    // A message that went nowhere tells nothing of who would have got it.
    const hash = step === 'failed' ? undefined : identities.toldHash(sent.phoneNumberId, customer)
    const item = {
      ...statusItem(step, sent, customer, category),
      ...(hash && { recipient_identity_key_hash: hash }),
    }
    webhooks.push({ part: 'statuses', phoneNumberId: sent.phoneNumberId, item, customer })
  }

  return {
    /** A message with a `failure` is sent nowhere: its only status is `failed`. */
    schedule(sent: SentMessage, customer: Customer, category: string) {
      const { statusDelaysMs } = settings.current
      const nowMs = Date.now()
      if (sent.failure) {
        const dueMs = nowMs + (statusDelaysMs.sent ?? 0)
        return queues.failed.add({ sent, customer, category, dueMs })
      }
      for (const step of ['sent', 'delivered', 'read'] as const) {
        const delayMs = statusDelaysMs[step]
        if (delayMs === null || rank[step] <= rank[sent.status]) continue
        queues[step].add({ sent, customer, category, dueMs: nowMs + delayMs })
      }
    },
    /** The customer opened the chat. */
    markRead(sent: SentMessage, customer: Customer) {
      if (sent.status === 'read' || sent.status === 'failed') return
      emit('read', { sent, customer, category: 'service', dueMs: 0 })
    },
    stop() {
      for (const queue of Object.values(queues)) queue.stop()
    },
  }
}

function statusItem(step: Step, sent: SentMessage, customer: Customer, category: string) {
  const nowMs = Date.now()
  return {
    id: sent.id,
    status: step,
    timestamp: String(Math.floor(nowMs / 1000)),
    ...(customer.waId ? { recipient_id: customer.waId } : {}),
    recipient_user_id: customer.userId,
    ...(sent.bizOpaqueCallbackData === null ? {} : { biz_opaque_callback_data: sent.bizOpaqueCallbackData }),
    ...(step === 'failed'
      ? { errors: [webhookErrorItem(sent.failure?.code ?? 131000, sent.failure?.details ?? '')] }
      : charge(step, sent, category)),
  }
}

/** Meta tells conversation and price with `sent` and with the first of `delivered` and `read`. */
function charge(step: Step, sent: SentMessage, category: string) {
  const billable = category !== 'service'
  return {
    conversation: {
      id: sent.id
        .slice(-32)
        .replace(/[^A-Za-z0-9]/g, '0')
        .toLowerCase(),
      ...(step === 'sent'
        ? { expiration_timestamp: String(Math.floor((sent.acceptedAtMs + WINDOW_MS) / 1000)) }
        : {}),
      origin: { type: category },
    },
    pricing: {
      billable,
      pricing_model: 'PMP',
      type: billable ? 'regular' : 'free_customer_service',
      category,
    },
  }
}
