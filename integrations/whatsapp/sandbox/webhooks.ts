import { createHmac } from 'node:crypto'
import { Agent, request } from 'undici'
import type { SettingsHolder } from './settings.ts'
import { batchBody, type WebhookItem } from './webhook-body.ts'

const ITEMS_PER_POST = 1_000
const BYTES_PER_POST = 3_000_000
const TIMEOUT_MS = 10_000
const KEPT_MS = 7 * 24 * 60 * 60_000
const HELD_BACK_MS = 150

type Pending = WebhookItem & { settle?: (delivered: boolean) => void }
type Batch = { items: Pending[]; attempt: number; bornMs: number; timer?: NodeJS.Timeout }
type Deps = { settings: SettingsHolder; log: (message: string) => void; random: () => number }

export type Webhooks = ReturnType<typeof createWebhooks>

/**
 * Webhooks out, as Meta sends them: signed over the raw bytes, up to 1,000 items a POST, repeated with
 * back-off until a 2xx for up to seven days. The queue is bounded: the oldest waiting batch goes first.
 */
export function createWebhooks({ settings, log, random }: Deps) {
  const agent = new Agent({ connections: 64, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS })
  let pending: Pending[] = []
  const ready: Batch[] = []
  const waiting = new Set<Batch>()
  const heldBack = new Set<NodeJS.Timeout>()
  let waitingItems = 0
  let inFlight = 0
  let flushTimer: NodeJS.Timeout | NodeJS.Immediate | undefined
  let closed = false
  const counts = { delivered: 0, failedPosts: 0, dropped: 0 }

  function push(item: Pending) {
    if (closed || settings.current.webhookUrl === null) return item.settle?.(false)
    const { reorder, duplicateRate } = settings.current
    if (reorder && random() < 0.3) holdBack(item)
    else pending.push(item)
    if (duplicateRate > 0 && random() < duplicateRate) {
      holdBack({ ...item, settle: undefined })
    }
    schedule()
  }

  /** Comes in a later batch: that is how a duplicate or an overtaken item looks from outside. */
  function holdBack(item: Pending) {
    const timer = setTimeout(() => {
      heldBack.delete(timer)
      pending.push(item)
      schedule()
    }, random() * HELD_BACK_MS)
    heldBack.add(timer)
  }

  function schedule() {
    if (flushTimer || inFlight >= settings.current.webhookConcurrency) return
    const { webhookBatchMs } = settings.current
    flushTimer = webhookBatchMs > 0 ? setTimeout(flush, webhookBatchMs) : setImmediate(flush)
  }

  function flush() {
    flushTimer = undefined
    while (inFlight < settings.current.webhookConcurrency) {
      const batch = ready.shift() ?? takeBatch()
      if (!batch) return
      inFlight += 1
      void deliver(batch)
    }
  }

  function takeBatch(): Batch | null {
    if (pending.length === 0) return null
    if (settings.current.reorder) shuffle(pending, random)
    const items = pending.slice(0, ITEMS_PER_POST)
    pending = pending.slice(ITEMS_PER_POST)
    return { items, attempt: 0, bornMs: Date.now() }
  }

  async function deliver(batch: Batch) {
    const delivered = await post(batch)
    inFlight -= 1
    for (const item of batch.items) {
      item.settle?.(delivered)
      item.settle = undefined
    }
    if (delivered) counts.delivered += batch.items.length
    else retryLater(batch)
    if (pending.length > 0 || ready.length > 0) schedule()
  }

  async function post(batch: Batch): Promise<boolean> {
    const url = settings.current.webhookUrl
    if (url === null) return false
    const body = Buffer.from(JSON.stringify(batchBody(batch.items, settings)))
    if (body.length > BYTES_PER_POST && batch.items.length > 1) return splitInTwo(batch)
    try {
      const response = await request(url, {
        method: 'POST',
        dispatcher: agent,
        body,
        headers: {
          'content-type': 'application/json',
          'user-agent': 'facebookexternalua',
          'x-hub-signature-256': `sha256=${createHmac('sha256', settings.current.appSecret).update(body).digest('hex')}`,
        },
      })
      await response.body.dump()
      if (response.statusCode >= 200 && response.statusCode < 300) return true
      log(
        `webhook answered ${response.statusCode}; attempt ${batch.attempt + 1} of ${batch.items.length} items`,
      )
    } catch (error) {
      if (!closed) log(`webhook failed: ${error instanceof Error ? error.message : String(error)}`)
    }
    counts.failedPosts += 1
    return false
  }

  /** The second half queues as a batch of its own; this one shrinks and goes at once. */
  function splitInTwo(batch: Batch): Promise<boolean> {
    const half = Math.ceil(batch.items.length / 2)
    ready.push({ ...batch, items: batch.items.splice(half) })
    return post(batch)
  }

  function retryLater(batch: Batch) {
    if (closed || settings.current.webhookUrl === null || Date.now() - batch.bornMs > KEPT_MS) {
      counts.dropped += batch.items.length
      return
    }
    const { first, max } = settings.current.webhookRetryMs
    const delayMs = Math.min(max, first * 2 ** Math.min(batch.attempt, 20))
    batch.attempt += 1
    waiting.add(batch)
    waitingItems += batch.items.length
    batch.timer = setTimeout(() => makeReady(batch), delayMs)
    while (waitingItems > settings.current.webhookQueueLimit) dropOldest()
  }

  function makeReady(batch: Batch) {
    forget(batch)
    ready.push(batch)
    schedule()
  }

  function dropOldest() {
    const [oldest] = waiting
    if (!oldest) return
    forget(oldest)
    counts.dropped += oldest.items.length
    log(`the webhook queue is full: ${oldest.items.length} items are given up`)
  }

  function forget(batch: Batch) {
    clearTimeout(batch.timer)
    if (waiting.delete(batch)) waitingItems -= batch.items.length
  }

  // A new URL or secret is tried at once, not after the old one's back-off.
  settings.onChange(() => {
    for (const batch of [...waiting]) makeReady(batch)
  })

  return {
    push,
    /** Resolves after the first attempt: true when the endpoint took it. */
    pushAndWait: (item: WebhookItem) => new Promise<boolean>((settle) => push({ ...item, settle })),
    counts: () => ({ ...counts, queued: pending.length + waitingItems + countItems(ready) }),
    /** Meta's handshake: the endpoint must echo the challenge. */
    async verify(): Promise<{ verified: boolean; status: number | null }> {
      const { webhookUrl, verifyToken } = settings.current
      if (!webhookUrl) return { verified: false, status: null }
      const challenge = String(Math.floor(random() * 1e9))
      const url = new URL(webhookUrl)
      url.searchParams.set('hub.mode', 'subscribe')
      url.searchParams.set('hub.verify_token', verifyToken ?? '')
      url.searchParams.set('hub.challenge', challenge)
      try {
        const response = await request(url, { dispatcher: agent })
        const echoed = (await response.body.text()) === challenge
        return { verified: response.statusCode === 200 && echoed, status: response.statusCode }
      } catch {
        return { verified: false, status: null }
      }
    },
    async close() {
      closed = true
      clearTimeout(flushTimer as NodeJS.Timeout)
      clearImmediate(flushTimer as NodeJS.Immediate)
      for (const timer of heldBack) clearTimeout(timer)
      for (const batch of [...waiting]) forget(batch)
      for (const item of pending) item.settle?.(false)
      pending = []
      ready.length = 0
      await agent.destroy()
    },
  }
}

function countItems(batches: Batch[]): number {
  return batches.reduce((sum, batch) => sum + batch.items.length, 0)
}

function shuffle<T>(items: T[], random: () => number) {
  for (let index = items.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1))
    const moved = items[index] as T
    items[index] = items[other] as T
    items[other] = moved
  }
}
