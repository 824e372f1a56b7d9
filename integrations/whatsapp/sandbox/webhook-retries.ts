import type { SettingsHolder } from './settings.ts'
import type { WebhookItem } from './webhook-body.ts'

const KEPT_MS = 7 * 24 * 60 * 60_000

export type Pending = WebhookItem & { settle?: ((delivered: boolean) => void) | undefined }
export type Batch = { items: Pending[]; attempt: number; bornMs: number }
type Deps = { settings: SettingsHolder; log: (message: string) => void; onReady: (batch: Batch) => void }

/**
 * Batches that were refused wait here, each with a back-off of its own, for up to seven days as at Meta.
 * Bounded: above `webhookQueueLimit` items the oldest batch is given up, and said so.
 */
export function createRetries({ settings, log, onReady }: Deps) {
  const waiting = new Map<Batch, NodeJS.Timeout>()
  let items = 0
  let dropped = 0

  function forget(batch: Batch) {
    clearTimeout(waiting.get(batch))
    if (waiting.delete(batch)) items -= batch.items.length
  }

  function giveUp(batch: Batch) {
    forget(batch)
    dropped += batch.items.length
    log(`${batch.items.length} webhook items are given up`)
  }

  function release(batch: Batch) {
    forget(batch)
    onReady(batch)
  }

  return {
    add(batch: Batch) {
      if (settings.current.webhookUrl === null || Date.now() - batch.bornMs > KEPT_MS) return giveUp(batch)
      const { first, max } = settings.current.webhookRetryMs
      const delayMs = Math.min(max, first * 2 ** Math.min(batch.attempt, 20))
      batch.attempt += 1
      items += batch.items.length
      waiting.set(
        batch,
        setTimeout(() => release(batch), delayMs),
      )
      while (items > settings.current.webhookQueueLimit) {
        const [oldest] = waiting.keys()
        if (!oldest) return
        giveUp(oldest)
      }
    },
    releaseAll() {
      for (const batch of [...waiting.keys()]) release(batch)
    },
    counts: () => ({ items, dropped }),
    stop() {
      for (const batch of [...waiting.keys()]) forget(batch)
    },
  }
}
