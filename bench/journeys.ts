import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { bareTaskQueue, startBareTemporal } from './support/bare-temporal.ts'
import { median, printComparisons } from './support/figures.ts'
import { call } from './support/http.ts'
import { watchLedger } from './support/ledger-watch.ts'
import { signedBody, tapMessage, textMessage } from './support/meta-webhooks.ts'
import { startProduct } from './support/product.ts'

const rounds = 4
const journeysARound = 200
const contactsAtOnce = 40

/**
 * Whole journeys a second: a word starts one, it asks, the customer taps, it answers and ends. Bare: the same number of
 * workflow tasks and local activities, which do nothing: no codec, no rows, no WhatsApp. Rounds take turns.
 */
async function main(): Promise<void> {
  const product = await startProduct()
  const bare = await startBareTemporal(product.temporalAddress)
  const ledger = watchLedger(product.sandboxUrl, 15)
  let customers = 491_710_000_000

  async function say(message: Record<string, unknown>): Promise<void> {
    const { body, headers } = signedBody(product.whatsapp, { messages: [message], statuses: [] })
    await call('POST', product.webhookUrl, body, headers)
  }
  async function walk(): Promise<void> {
    const waId = String(customers++)
    await say(textMessage(waId, 'hello'))
    await ledger.receipt(waId, 1)
    await say(tapMessage(waId, 'yes', 'Yes'))
    await ledger.receipt(waId, 2)
  }
  async function allEnded(): Promise<void> {
    const sql = 'select count(*)::int as n from runs where ended_at is null'
    while ((await product.pool.query<{ n: number }>(sql)).rows[0]?.n) await sleep(10)
  }
  async function walkBare(): Promise<void> {
    const contact = randomUUID()
    const { workflow } = bare.client
    const options = { taskQueue: bareTaskQueue, workflowId: `chat/${contact}` }
    const asked = bare.reached(contact, 'asked')
    await workflow.signalWithStart('bareChat', { ...options, signal: 'said' })
    const handle = await workflow.start('bareJourney', { ...options, workflowId: contact, args: [contact] })
    await asked
    const ended = bare.reached(contact, 'ended')
    await handle.signal('said')
    await ended
  }

  const measured = { ours: [] as number[], bare: [] as number[] }
  for (let round = -1; round < rounds; round++) {
    const ours = await measure(walk, allEnded)
    const yardstick = await measure(walkBare)
    if (round < 0) continue
    measured.ours.push(ours)
    measured.bare.push(yardstick)
  }
  await ledger.stop()
  await bare.stop()
  await product.stop()
  const show = (values: number[]) => values.map((value) => value.toFixed(1)).join(', ')
  console.log(`\n${rounds} rounds of ${journeysARound} journeys, ${contactsAtOnce} contacts at once`)
  console.log(`  ours ${show(measured.ours)} /s\n  bare ${show(measured.bare)} /s`)
  const [ours, yardstick] = [median(measured.ours), median(measured.bare)]
  printComparisons('Journeys', [
    { what: 'journeys a second', ours, bare: yardstick, unit: '/s', aim: '>= 0.7x' },
  ])
}

/** Walks all of a round's journeys, so many at once, and says how many that is a second. */
async function measure(walk: () => Promise<void>, settle?: () => Promise<void>): Promise<number> {
  const startedAtMs = performance.now()
  let left = journeysARound
  const lane = async () => {
    while (left-- > 0) await walk()
  }
  await Promise.all(Array.from({ length: contactsAtOnce }, lane))
  await settle?.()
  return (journeysARound * 1_000) / (performance.now() - startedAtMs)
}

await main()
