import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { bareTaskQueue, startBareTemporal } from './support/bare-temporal.ts'
import { median, printComparisons } from './support/figures.ts'
import { call } from './support/http.ts'
import { watchLedger } from './support/ledger-watch.ts'
import { signedBody, tapMessage, textMessage } from './support/meta-webhooks.ts'
import { readProcessorTime, subtract, type ProcessorTime } from './support/processor-time.ts'
import { startProduct } from './support/product.ts'

const [rounds = 4, journeysARound = 200, contactsAtOnce = 40] = process.argv.slice(2).map(Number)
const processes = {
  Temporal: /temporal.* server/,
  worker: /src.worker\.ts/,
  API: /src.server\.ts/,
  PostgreSQL: /postgres/,
  sandbox: /src.sandbox\.ts/,
  'bare worker': /bare-worker\.ts/,
}

/**
 * Whole journeys a second: a word starts one, it asks, the customer taps, it answers and ends. Bare: the same number of
 * workflow tasks and local activities, which do nothing: no codec, no rows, no WhatsApp. Rounds take turns. What each
 * process computes for a journey says where the difference goes, and is moved less by what else the machine does.
 * `node bench/journeys.ts <rounds> <journeys a round> <contacts at once>`
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

  const measured = { ours: [] as Round[], bare: [] as Round[] }
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
  report(measured.ours, measured.bare)
}

interface Round {
  perSecond: number
  /** A journey. */
  computedMs: ProcessorTime
}

function report(ours: Round[], bare: Round[]): void {
  const speeds = (of: Round[]) => of.map(({ perSecond }) => perSecond)
  const show = (of: Round[]) =>
    speeds(of)
      .map((value) => value.toFixed(1))
      .join(', ')
  console.log(`\n${rounds} rounds of ${journeysARound} journeys, ${contactsAtOnce} contacts at once`)
  console.log(`  ours ${show(ours)} /s\n  bare ${show(bare)} /s`)
  const share = (of: Round[], name: string) => median(of.map(({ computedMs }) => computedMs[name] ?? 0))
  const whole = (of: Round[]) => median(of.map(({ computedMs }) => sum(Object.values(computedMs))))
  const used = [...Object.keys(processes), 'this load'].map((name) => [
    name,
    { ours: share(ours, name).toFixed(1), bare: share(bare, name).toFixed(1) },
  ])
  console.log('\nComputed for a journey, in ms of one core')
  console.table(
    Object.fromEntries([...used, ['all', { ours: whole(ours).toFixed(1), bare: whole(bare).toFixed(1) }]]),
  )
  printComparisons('Journeys', [
    {
      what: 'journeys a second',
      ...{ ours: median(speeds(ours)), bare: median(speeds(bare)), unit: '/s', aim: '>= 0.8x' },
    },
    {
      what: 'journeys a second of computing',
      ours: 1_000 / whole(ours),
      bare: 1_000 / whole(bare),
      unit: '/s',
    },
  ])
}

/** Walks all of a round's journeys, so many at once. */
async function measure(walk: () => Promise<void>, settle?: () => Promise<void>): Promise<Round> {
  const before = computed()
  const startedAtMs = performance.now()
  let left = journeysARound
  const lane = async () => {
    while (left-- > 0) await walk()
  }
  await Promise.all(Array.from({ length: contactsAtOnce }, lane))
  await settle?.()
  const perSecond = (journeysARound * 1_000) / (performance.now() - startedAtMs)
  const used = Object.entries(subtract(computed(), before)).map(([name, ms]) => [name, ms / journeysARound])
  return { perSecond, computedMs: Object.fromEntries(used) as ProcessorTime }
}

function computed(): ProcessorTime {
  const { user, system } = process.cpuUsage()
  return { ...readProcessorTime(processes), 'this load': (user + system) / 1_000 }
}

function sum(values: number[]): number {
  return values.reduce((all, value) => all + value, 0)
}

await main()
