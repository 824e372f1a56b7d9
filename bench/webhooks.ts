import { setTimeout as sleep } from 'node:timers/promises'
import { startBareApi } from './support/bare-api-process.ts'
import { median, percentile, printComparisons, printHistogram } from './support/figures.ts'
import { call } from './support/http.ts'
import type { SignedBody } from './support/meta-webhooks.ts'
import { startProduct } from './support/product.ts'
import { createTraffic } from './support/traffic.ts'

const rounds = 3
const itemsARound = 12_000
const connections = 32
/** Items of a POST. WhatsApp sends single items when little happens, and joins them as a number gets busy. */
const mixedSizes = [1, 1, 1, 1, 2, 1, 3, 1, 5, 1, 8, 1, 20, 1, 60, 120]
const sizes = { '1 an item': [1], '10 items': [10], '100 items': [100], 'mixed, 1 to 120': mixedSizes }
const paced = { itemsPerSecond: 3_300, seconds: 15 }

/**
 * Items taken in durably a second: the statuses of messages in the send ledger, sent, delivered and read, and a customer's
 * message for every ten of them. Bare: an Express handler that inserts the body; it verifies, parses and applies nothing.
 * The same client, the same bodies, the same PostgreSQL server, which flushes every commit. Rounds take turns.
 */
async function main(): Promise<void> {
  const product = await startProduct(['api'])
  const bare = await startBareApi(product)
  const traffic = createTraffic(product)
  const results = []
  for (const [what, shape] of Object.entries(sizes)) {
    const measured = { ours: [] as number[], bare: [] as number[] }
    for (let round = -1; round < rounds; round++) {
      const bodies = await traffic.make(itemsARound, shape)
      const ours = await flood(product.webhookUrl, bodies)
      const yardstick = await flood(bare.url, bodies)
      if (round < 0) continue
      measured.ours.push(ours)
      measured.bare.push(yardstick)
    }
    const [ours, yardstick] = [median(measured.ours), median(measured.bare)]
    results.push({ what: `a POST holds: ${what}`, ours, bare: yardstick, unit: '/s' as const, aim: '>= 1x' })
  }
  printComparisons(`Webhook items, ${connections} connections`, results)

  const bodies = await traffic.make(paced.itemsPerSecond * paced.seconds, mixedSizes)
  const latencies = await pace(product.webhookUrl, bodies)
  printHistogram(
    `Paced at ${paced.itemsPerSecond} items a second, POST to 200 (aim: p99 < 250 ms)`,
    latencies,
  )
  const yardsticks = await pace(bare.url, bodies)
  printComparisons('Paced', [
    { what: 'p50', ours: percentile(latencies, 0.5), bare: percentile(yardsticks, 0.5), unit: 'ms' },
    {
      what: 'p99',
      ours: percentile(latencies, 0.99),
      bare: percentile(yardsticks, 0.99),
      unit: 'ms',
      aim: '< 250 ms',
    },
  ])
  await traffic.check()
  await product.stop()
}

/** As fast as the answers come. */
async function flood(url: string, bodies: SignedBody[]): Promise<number> {
  const startedAtMs = performance.now()
  let next = 0
  const lane = async () => {
    for (let body = bodies[next++]; body; body = bodies[next++])
      await call('POST', url, body.body, body.headers)
  }
  await Promise.all(Array.from({ length: connections }, lane))
  const items = bodies.reduce((sum, body) => sum + body.items, 0)
  return (items * 1_000) / (performance.now() - startedAtMs)
}

/** By the clock, however long the answers take: a POST's time counts from when it was due. */
async function pace(url: string, bodies: SignedBody[]): Promise<number[]> {
  const startedAtMs = performance.now()
  let items = 0
  const latencies: Promise<number>[] = []
  for (const body of bodies) {
    const dueMs = startedAtMs + (items * 1_000) / paced.itemsPerSecond
    items += body.items
    const waitMs = dueMs - performance.now()
    if (waitMs > 1) await sleep(waitMs)
    latencies.push(call('POST', url, body.body, body.headers).then(() => performance.now() - dueMs))
  }
  return Promise.all(latencies)
}

await main()
