import { on } from 'node:events'
import { cpus, loadavg } from 'node:os'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { checkJourney } from '../src/journeys/validate-journey.ts'
import { behaviourSchema } from '../src/simulation/behaviour.ts'
import { createDraws } from '../src/simulation/draws.ts'
import type { AudienceContact, AudienceOrder, Surroundings } from '../src/simulation/audience-order.ts'
import { simulateAudience } from '../src/simulation/simulate-audience.ts'
import { simulationThreadLimits } from '../src/simulation/simulation-threads.ts'
import { makeContact, syntheticAudienceSchema } from '../src/simulation/synthetic-contacts.ts'

const dayMs = 86_400_000
const text = (body: string, next: string) => ({ type: 'message', settings: { text: body }, next: { next } })
const wait = (days: number, next: string) => ({
  type: 'time-delay',
  settings: { delay: { mode: 'duration', duration: { amount: days, unit: 'days' } } },
  next: { done: next },
})
const question = (body: string, next: string) => ({
  type: 'interactive-message',
  settings: {
    body,
    buttons: [
      { id: 'yes', title: 'Yes' },
      { id: 'no', title: 'No' },
    ],
    timeout: { amount: 20, unit: 'hours' },
  },
  next: { 'button:yes': next, 'button:no': next, timeout: next, other: next },
})

/** Ten cards over 90 days: texts with names, questions with buttons, delays, a branch and an attribute. */
const draft = {
  start: 'hello',
  triggers: [{ type: 'api' }],
  cards: {
    hello: text('Hello {{contact.first_name | "there"}}, welcome!', 'ask'),
    ask: question('Shall we send you offers, {{contact.first_name | "friend"}}?', 'mark'),
    mark: {
      type: 'setup-attribute',
      settings: { assignments: [{ name: 'asked', value: 'yes' }] },
      next: { next: 'later' },
    },
    later: wait(30, 'branch'),
    branch: {
      type: 'run-if',
      settings: {
        branches: [{ id: 'vip', condition: { kind: 'tag', tag: 'vip', has: true } }],
      },
      next: { 'branch:vip': 'morning', else: 'again' },
    },
    morning: {
      type: 'time-delay',
      settings: { delay: { mode: 'local-time', time: '09:00' } },
      next: { done: 'again' },
    },
    again: wait(59, 'split'),
    split: {
      type: 'ab-splitter',
      settings: {
        paths: [
          { id: 'a', weight: 1 },
          { id: 'b', weight: 1 },
        ],
      },
      next: { 'path:a': 'last', 'path:b': 'end' },
    },
    last: {
      ...text('It was nice, {{contact.first_name | "friend"}}', 'end'),
      next: { next: 'end', failed: 'end' },
    },
    end: { type: 'end-conversation', settings: { goalReached: true }, next: {} },
  },
}

const audience = (count: number) =>
  syntheticAudienceSchema.parse({
    kind: 'synthetic',
    count,
    places: [
      { country: 'IN', timeZone: 'Asia/Kolkata', language: 'en', weight: 6 },
      { country: 'DE', timeZone: 'Europe/Berlin', language: 'de', weight: 3 },
      { country: 'BR', timeZone: 'America/Sao_Paulo', language: 'pt_BR', weight: 1 },
    ],
    tags: { vip: 0.1 },
  })

function createOrder(count: number): AudienceOrder {
  const { definition, problems } = checkJourney(draft)
  if (!definition) throw new Error(JSON.stringify(problems))
  return {
    definition,
    seed: 7,
    entryAtMs: Date.parse('2026-11-21T10:00:00Z'),
    spread: { overMs: dayMs, shape: 'random' },
    count,
    horizonMs: 200 * dayMs,
    vars: {},
    windowOpen: 1,
    behaviour: behaviourSchema.parse({}),
    replies: [],
    events: [],
    faults: [],
    effects: [],
  }
}

const surroundings: Surroundings = {
  attributeTypes: [['asked', 'string']],
  templates: [],
  defaultLanguage: 'en',
  rateCards: [],
  limits: { messagesPerSecond: 80, messagingLimit: 100_000 },
  arbiter: null,
}

function* batches({ count, seed }: AudienceOrder): Generator<AudienceContact[]> {
  const made = audience(count)
  for (let from = 0; from < count; from += 1_000) {
    yield Array.from({ length: Math.min(1_000, count - from) }, (_, at) => {
      const n = from + at
      return { n, contact: makeContact(made, n, createDraws(seed, n)) }
    })
  }
}

/** In the thread: plays until it is done or asked to stop, and says how far it is. */
async function play({ count, isAsked }: Task): Promise<void> {
  // As in the thread of the product.
  Error.stackTraceLimit = 0
  const order = createOrder(count)
  const bareMs = await timeBareLoop(count)
  const asked = new Int32Array(isAsked)
  const [cpu, startedAtMs] = [process.threadCpuUsage(), performance.now()]
  const result = await simulateAudience(order, surroundings, batches(order), (done) => {
    parentPort?.postMessage({ done })
    return Atomics.load(asked, 0) === 1
  })
  const ms = performance.now() - startedAtMs
  const spent = process.threadCpuUsage(cpu)
  const cards = result.cards.reduce((sum, { entered }) => sum + entered, 0)
  const figures = {
    ...{ contacts: result.contacts, cards, messages: result.sends.total },
    seconds: Number((ms / 1_000).toFixed(2)),
    cpuSeconds: Number(((spent.user + spent.system) / 1e6).toFixed(2)),
    contactsPerSecond: Math.round((result.contacts / ms) * 1_000),
    microsecondsPerCard: Number(((ms * 1_000) / cards).toFixed(1)),
    bareLoopSeconds: Number((bareMs / 1_000).toFixed(2)),
    timesTheBareLoop: Number((ms / bareMs).toFixed(1)),
    heapMb: Math.round(process.memoryUsage().heapUsed / 2 ** 20),
  }
  parentPort?.postMessage({ figures })
}

interface Task {
  count: number
  isAsked: SharedArrayBuffer
}
type Told = { done: number } | { figures: { contacts: number } & Record<string, number> }

/** Plays in a thread like the product's. @param stopAfter contacts after which it is asked to stop */
async function playInThread(count: number, stopAfter = Number.POSITIVE_INFINITY) {
  const isAsked = new SharedArrayBuffer(4)
  const thread = new Worker(new URL(import.meta.url), {
    workerData: { count, isAsked } satisfies Task,
    resourceLimits: simulationThreadLimits,
  })
  let reports = 0
  let askedAtMs = 0
  for await (const [told] of on(thread, 'message', { close: ['exit'] }) as AsyncIterable<[Told]>) {
    if ('figures' in told) return { ...told.figures, reports, stoppedMs: performance.now() - askedAtMs }
    reports += 1
    if (told.done < stopAfter || askedAtMs > 0) continue
    askedAtMs = performance.now()
    Atomics.store(new Int32Array(isAsked), 0, 1)
  }
  throw new Error('the thread ended without a figure')
}

/** `node bench/simulation.ts 100000`: contacts a second through ten cards and 90 days, in one thread; and how soon it stops. */
async function main(count: number): Promise<void> {
  const { stoppedMs: _, ...whole } = await playInThread(count)
  console.log(
    whole,
    'load',
    loadavg()
      .map((load) => load.toFixed(1))
      .join(' '),
    'cores',
    cpus().length,
  )
  const { contacts, stoppedMs } = await playInThread(count, count / 10)
  if (contacts === count) throw new Error('it did not stop when it was asked to')
  console.log({ stoppedAfterContacts: contacts, stoppedWithinMs: Math.round(stoppedMs) })
}

/** As many contacts through ten awaited steps that write a fact each, and nothing else: what JavaScript itself costs. */
async function timeBareLoop(count: number): Promise<number> {
  const startedAtMs = performance.now()
  const counts = new Map<string, number>()
  const step = async (contact: number, card: number) => {
    const fact = { atMs: contact, kind: 'card.entered', data: { card: `card-${card}` } }
    counts.set(fact.data.card, (counts.get(fact.data.card) ?? 0) + 1)
    return fact
  }
  for (let contact = 0; contact < count; contact++) {
    for (let card = 0; card < 10; card++) await step(contact, card)
  }
  return performance.now() - startedAtMs
}

if (isMainThread) await main(Number(process.argv[2] ?? '100000'))
else await play(workerData as Task)
