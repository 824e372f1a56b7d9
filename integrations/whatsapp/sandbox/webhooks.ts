import { createHmac } from 'node:crypto'
import { Agent, request } from 'undici'
import type { SettingsHolder } from './settings.ts'
import { batchBody, type WebhookItem } from './webhook-body.ts'
import { createOutbox, type PostOutcome } from './webhook-outbox.ts'
import type { Pending } from './webhook-retries.ts'

const HELD_BACK_MS = 150
const BYTES_PER_POST = 3_000_000
const TIMEOUT_MS = 10_000

type Deps = { settings: SettingsHolder; log: (message: string) => void; random: () => number }

export type Webhooks = ReturnType<typeof createWebhooks>

/**
 * Webhooks out, as Meta sends them: signed, batched up to 1,000 items a POST, repeated until a 2xx; with
 * duplicates and in a wrong order when the settings ask for it.
 */
export function createWebhooks(deps: Deps) {
  const { settings, log } = deps
  const poster = createPoster({ settings, log })
  const outbox = createOutbox({ ...deps, post: poster.post })
  const heldBack = new Set<NodeJS.Timeout>()
  let isClosed = false

  function push(item: Pending) {
    if (isClosed || settings.current.webhookUrl === null) return item.settle?.(false)
    const { reorder, duplicateRate } = settings.current
    if (reorder && deps.random() < 0.3) holdBack(item)
    else outbox.add(item)
    if (duplicateRate > 0 && deps.random() < duplicateRate) holdBack({ ...item, settle: undefined })
  }

  /** Comes in a later batch: that is how a duplicate or an overtaken item looks from outside. */
  function holdBack(item: Pending) {
    const timer = setTimeout(() => {
      heldBack.delete(timer)
      outbox.add(item)
    }, deps.random() * HELD_BACK_MS)
    heldBack.add(timer)
  }

  return {
    push: (item: WebhookItem) => push(item),
    /** Resolves after the first attempt: true when the endpoint took it. */
    pushAndWait: (item: WebhookItem) => new Promise<boolean>((settle) => push({ ...item, settle })),
    counts: outbox.counts,
    verify: poster.verify,
    async close() {
      isClosed = true
      for (const timer of heldBack) clearTimeout(timer)
      // First the connections: what is under way fails and would queue again after the stop.
      await poster.close()
      outbox.stop()
    },
  }
}

/** One POST to the platform's webhook over kept connections, signed over the raw bytes. */
function createPoster({ settings, log }: { settings: SettingsHolder; log: (message: string) => void }) {
  const agent = new Agent({
    connections: 64,
    connect: { timeout: TIMEOUT_MS },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  })

  async function postBytes(url: string, body: Buffer): Promise<boolean> {
    const signature = createHmac('sha256', settings.current.appSecret).update(body).digest('hex')
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'facebookexternalua',
      'x-hub-signature-256': `sha256=${signature}`,
    }
    try {
      const response = await request(url, { method: 'POST', dispatcher: agent, body, headers })
      await response.body.dump()
      if (response.statusCode >= 200 && response.statusCode < 300) return true
      log(`the webhook answered ${response.statusCode}`)
    } catch (error) {
      if (!agent.closed) log(`the webhook failed: ${error instanceof Error ? error.message : String(error)}`)
    }
    return false
  }

  return {
    /** `too large` is said before anything is sent: Meta's bodies stay below 3 MB. */
    async post(items: WebhookItem[]): Promise<PostOutcome> {
      const url = settings.current.webhookUrl
      if (url === null) return 'refused'
      const body = Buffer.from(JSON.stringify(batchBody(items, settings)))
      if (body.length > BYTES_PER_POST && items.length > 1) return 'too large'
      return (await postBytes(url, body)) ? 'taken' : 'refused'
    },
    verify: () => shakeHands(settings, agent),
    close: () => agent.destroy(),
  }
}

/** Meta's handshake: the endpoint must echo the challenge. */
async function shakeHands({ current }: SettingsHolder, dispatcher: Agent) {
  if (!current.webhookUrl) return { verified: false, status: null }
  const challenge = String(Math.floor(Math.random() * 1e9))
  const url = new URL(current.webhookUrl)
  url.searchParams.set('hub.mode', 'subscribe')
  url.searchParams.set('hub.verify_token', current.verifyToken ?? '')
  url.searchParams.set('hub.challenge', challenge)
  try {
    const response = await request(url, { dispatcher })
    const echoed = (await response.body.text()) === challenge
    return { verified: response.statusCode === 200 && echoed, status: response.statusCode }
  } catch {
    return { verified: false, status: null }
  }
}
