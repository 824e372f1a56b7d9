import type { SettingsHolder } from './settings.ts'
import { type Batch, createRetries, type Pending } from './webhook-retries.ts'

const ITEMS_PER_POST = 1_000

export type PostOutcome = 'taken' | 'refused' | 'too large'
type Deps = {
  settings: SettingsHolder
  log: (message: string) => void
  random: () => number
  post: (items: Pending[]) => Promise<PostOutcome>
}

/** The posts under way: as many at once as the settings allow. */
export function createOutbox({ settings, log, random, post }: Deps) {
  const backlog = createBacklog({ settings, random })
  const retries = createRetries({ settings, log, onReady: (batch) => queue([batch]) })
  let inFlight = 0
  let timer: NodeJS.Timeout | undefined
  let isFlushDue = false
  const counts = { taken: 0, refused: 0 }

  function schedule() {
    if (isFlushDue || inFlight >= settings.current.webhookConcurrency) return
    isFlushDue = true
    const { webhookBatchMs } = settings.current
    if (webhookBatchMs > 0) timer = setTimeout(flush, webhookBatchMs)
    else setImmediate(flush)
  }

  function flush() {
    isFlushDue = false
    while (inFlight < settings.current.webhookConcurrency) {
      const batch = backlog.takeBatch()
      if (!batch) return
      inFlight += 1
      void deliver(batch)
    }
  }

  async function deliver(batch: Batch) {
    const outcome = await post(batch.items)
    inFlight -= 1
    if (outcome === 'too large') return queue(halvesOf(batch))
    counts[outcome] += batch.items.length
    settle(batch.items, outcome === 'taken')
    if (outcome === 'refused') retries.add(batch)
    if (backlog.size() > 0) schedule()
  }

  function queue(batches: Batch[]) {
    backlog.addBatches(batches)
    schedule()
  }

  // A new URL or secret is tried at once, not after the old one's back-off.
  settings.onChange(retries.releaseAll)

  return {
    add(item: Pending) {
      backlog.add(item)
      schedule()
    },
    counts() {
      const { items, dropped } = retries.counts()
      return { ...counts, dropped, queued: backlog.size() + items }
    },
    stop() {
      clearTimeout(timer)
      backlog.clear()
      retries.stop()
    },
  }
}

/** What waits for its first post, and the batches that are due again: those go first. */
function createBacklog({ settings, random }: Pick<Deps, 'settings' | 'random'>) {
  let pending: Pending[] = []
  let batches: Batch[] = []
  return {
    add: (item: Pending) => void pending.push(item),
    addBatches: (more: Batch[]) => void batches.push(...more),
    takeBatch(): Batch | null {
      const again = batches.shift()
      if (again || pending.length === 0) return again ?? null
      if (settings.current.reorder) shuffle(pending, random)
      return { items: pending.splice(0, ITEMS_PER_POST), attempt: 0, bornMs: Date.now() }
    },
    size: () => batches.reduce((sum, batch) => sum + batch.items.length, pending.length),
    clear() {
      settle(pending, false)
      pending = []
      batches = []
    },
  }
}

/** Tells those who wait for the first attempt how it went. */
function settle(items: Pending[], isTaken: boolean) {
  for (const item of items) {
    item.settle?.(isTaken)
    item.settle = undefined
  }
}

function halvesOf(batch: Batch): Batch[] {
  const middle = Math.ceil(batch.items.length / 2)
  return [batch.items.slice(0, middle), batch.items.slice(middle)].map((items) => ({ ...batch, items }))
}

function shuffle<T>(items: T[], random: () => number) {
  for (let index = items.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1))
    const moved = items[index] as T
    items[index] = items[other] as T
    items[other] = moved
  }
}
