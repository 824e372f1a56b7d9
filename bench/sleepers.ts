import { setTimeout as sleep } from 'node:timers/promises'
import { compose, dispose, type Composed } from '../src/compose.ts'
import { configSchema } from '../src/config.ts'
import { newId } from '../src/db/columns.ts'
import { forkFor } from '../src/db/orm.ts'
import { startRun, type StartableJourney } from '../src/journeys/start-run.ts'
import { journeyDefinitionSchema } from '../src/model/journey-definition.ts'
import { relaySoon } from '../src/outbox/relay.ts'
import { bareTaskQueue, startBareTemporal } from './support/bare-temporal.ts'
import { printComparisons } from './support/figures.ts'
import { measureChildren, type ProcessMemory } from './support/memory.ts'
import { readProcessorTime, subtract, type ProcessorTime } from './support/processor-time.ts'
import { startProduct, type Product } from './support/product.ts'

const [sleepers = 100_000, wakers = 1_000] = process.argv.slice(2).map(Number)
const batch = 250
/** Time enough to have started all that shall wake at one instant. */
const leadMs = 30_000 + wakers * 100
const bareStarts = 1_000
const processes = {
  Temporal: /temporal.* server/,
  worker: /src.worker\.ts/,
  API: /src.server\.ts/,
  PostgreSQL: /postgres/,
  'bare worker': /bare-worker\.ts/,
}

/**
 * Runs that sleep for months: how fast they are started (bare: `workflow.start` of workflows that wait, nothing else; both
 * count when each has come to its timer), what is computed for one start, what memory the worker and Temporal take with all
 * of them asleep, and how long it takes until each of those that wake in the same second has sent its message.
 * `node bench/sleepers.ts 10000 1000` is quicker.
 */
async function main(): Promise<void> {
  const product = await startProduct()
  const deps = await open(product)
  const before = memory()
  const months = await publish(product, { mode: 'duration', duration: { amount: 13, unit: 'weeks' } })
  const ours = await measure(sleepers, () => start(deps, product, months, sleepers))
  const bare = await measureBare(product)
  const asleep = memory()
  const wakeAtMs = Date.now() + leadMs
  const woken = await publish(product, { mode: 'until', at: new Date(wakeAtMs).toISOString() })
  await start(deps, product, woken, wakers)
  await sleep(Math.max(0, wakeAtMs - Date.now()))
  const tookMs = await allSent(product, woken, wakeAtMs)
  report({ before, asleep, ours, bare, tookMs })
  await dispose(deps)
  await product.stop()
}

interface Starts {
  perSecond: number
  /** A start. */
  computedMs: ProcessorTime
}

async function measure(count: number, run: () => Promise<void>): Promise<Starts> {
  const before = computed()
  const startedAtMs = performance.now()
  await run()
  const perSecond = (count * 1_000) / (performance.now() - startedAtMs)
  const used = Object.entries(subtract(computed(), before)).map(([name, ms]) => [name, ms / count])
  return { perSecond, computedMs: Object.fromEntries(used) as ProcessorTime }
}

function computed(): ProcessorTime {
  const { user, system } = process.cpuUsage()
  return { ...readProcessorTime(processes), 'this load': (user + system) / 1_000 }
}

function report(figures: {
  before: ProcessMemory[]
  asleep: ProcessMemory[]
  ours: Starts
  bare: Starts
  tookMs: number
}): void {
  const { before, asleep, ours, bare, tookMs } = figures
  const show = ({ computedMs }: Starts, name: string) => (computedMs[name] ?? 0).toFixed(2)
  const names = Object.keys(ours.computedMs)
  console.log('\nComputed for a start, in ms of one core')
  console.table(
    Object.fromEntries(names.map((name) => [name, { ours: show(ours, name), bare: show(bare, name) }])),
  )
  printComparisons(`${sleepers} sleeping runs`, [
    { what: 'starts a second', ours: ours.perSecond, bare: bare.perSecond, unit: '/s' },
  ])
  for (const [at, { name, megabytes }] of asleep.entries())
    console.log(`  memory of ${name}: ${before[at]?.megabytes} MB before, ${megabytes} MB with all asleep`)
  console.log(
    `  ${wakers} runs due in the same second: the last message was accepted ${(tookMs / 1_000).toFixed(1)} s later (aim: within 60 s)`,
  )
}

function memory(): ProcessMemory[] {
  const { worker, Temporal, API } = processes
  return measureChildren({ worker, Temporal, API })
}

async function open({ databaseUrl, temporalAddress, masterKey }: Product): Promise<Composed> {
  return compose(
    configSchema.parse({
      ...{ DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: temporalAddress, MASTER_KEY: masterKey },
      LOG_LEVEL: 'warn',
    }),
    'bench',
  )
}

/** A journey that waits, then sends. */
async function publish({ pool, workspaceId, numberId }: Product, delay: object): Promise<StartableJourney> {
  const [id, versionId] = [newId(), newId()]
  const definition = journeyDefinitionSchema.parse({
    start: 'wait',
    triggers: [{ type: 'api' }],
    cards: {
      wait: { type: 'time-delay', settings: { delay }, next: { done: 'say' } },
      say: { type: 'message', settings: { text: 'Good morning.' } },
    },
  })
  const json = JSON.stringify(definition)
  await pool.query(
    `insert into journeys (id, workspace_id, number_id, name, draft) values ($1, $2, $3, 'Sleepers', $4)`,
    [id, workspaceId, numberId, json],
  )
  await pool.query(
    'insert into journey_versions (id, workspace_id, journey_id, number, definition) values ($1, $2, $3, 1, $4)',
    [versionId, workspaceId, id, json],
  )
  await pool.query('update journeys set published_version_id = $1 where id = $2', [versionId, id])
  return { id, versionId, numberId, name: 'Sleepers', startCard: 'wait', entry: definition.entry }
}

let people = 0

/** As an import starts journeys: a batch a transaction, told to Temporal after it. */
async function start(
  deps: Composed,
  { pool, workspaceId, numberId }: Product,
  journey: StartableJourney,
  count: number,
): Promise<void> {
  for (let from = 0; from < count; from += batch) {
    const size = Math.min(batch, count - from)
    const { rows } = await pool.query<{ id: string }>(
      `with people as (insert into contacts (id, workspace_id, first_name)
         select uuidv7(), $1, 'Ann' from generate_series(1, $2::int) returning id),
       claims as (insert into identities (id, workspace_id, contact_id, kind, value, source)
         select uuidv7(), $1, id, 'wa_id', (491720000000 + $3::int + row_number() over ())::text, 'bench' from people),
       chats as (insert into conversations (id, workspace_id, number_id, contact_id, window_ends_at)
         select uuidv7(), $1, $4, id, now() + interval '24 hours' from people)
       select id from people`,
      [workspaceId, size, people, numberId],
    )
    people += size
    const outbox = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
      const started = []
      for (const { id: contactId } of rows)
        started.push(
          await startRun(em, { workspaceId, journey, contactId, entry: 'bench', causeId: newId() }),
        )
      return started.flatMap((each) => (each.started ? each.outbox : []))
    })
    relaySoon(deps, outbox)
    await isRelayed(pool)
  }
  while ((await countRuns(pool, `journey_id = '${journey.id}' and state <> 'running'`)) < count)
    await sleep(50)
}

/** Batches do not pile up before Temporal. */
async function isRelayed(pool: Product['pool']): Promise<void> {
  const sql = 'select count(*)::int as n from outbox'
  while (((await pool.query<{ n: number }>(sql)).rows[0]?.n ?? 0) > batch) await sleep(5)
}

async function countRuns(pool: Product['pool'], condition: string): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(`select count(*)::int as n from runs where ${condition}`)
  return rows[0]?.n ?? 0
}

async function allSent({ pool }: Product, { id }: StartableJourney, sinceMs: number): Promise<number> {
  const sql = `select count(*)::int as n, extract(epoch from max(m.accepted_at))::float8 * 1000 as last_ms
    from messages m join runs r on r.id = m.run_id where r.journey_id = $1 and m.state = 'accepted'`
  for (;;) {
    const [row] = (await pool.query<{ n: number; last_ms: number }>(sql, [id])).rows
    if (row && row.n >= wakers) return row.last_ms - sinceMs
    await sleep(100)
  }
}

async function measureBare(product: Product): Promise<Starts> {
  const bare = await startBareTemporal(product.temporalAddress)
  let left = bareStarts
  const lane = async () => {
    while (left-- > 0) {
      const contact = newId()
      const asleep = bare.reached(contact, 'asleep')
      await bare.client.workflow.start('bareSleeper', {
        ...{ taskQueue: bareTaskQueue, workflowId: `sleeper/${contact}`, args: [contact] },
      })
      await asleep
    }
  }
  const measured = await measure(
    bareStarts,
    async () => void (await Promise.all(Array.from({ length: 100 }, lane))),
  )
  await bare.stop()
  return measured
}

await main()
