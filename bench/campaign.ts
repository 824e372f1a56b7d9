import { setTimeout as sleep } from 'node:timers/promises'
import { compose, dispose, type Composed } from '../src/compose.ts'
import { configSchema } from '../src/config.ts'
import { newId } from '../src/db/columns.ts'
import { fillAudience } from './support/audience.ts'
import { measureBarePosts } from './support/bare-posts.ts'
import { addPeople, addTemplate, finishBlast, startBlast, type Sent } from './support/blast.ts'
import { percentile, printComparisons } from './support/figures.ts'
import { call } from './support/http.ts'
import { measureChildren } from './support/memory.ts'
import { measureReplies, probeIntake } from './support/beside-a-blast.ts'
import { readProcessorTime, subtract } from './support/processor-time.ts'
import { startProduct, type Product } from './support/product.ts'

const [people = 100_000, steadySeconds = 300, planned = 1_000_000] = process.argv.slice(2).map(Number)
const barePosts = Math.min(20_000, people)
const processes = {
  Temporal: /temporal.* server/,
  worker: /src.worker\.ts/,
  API: /src.server\.ts/,
  PostgreSQL: /postgres/,
  sandbox: /sandbox/,
}
const silent = { statusDelaysMs: { sent: null, delivered: null, read: null } }

/**
 * A campaign to 100,000, held at 80 a second for 300 s, and the plan of one to 1,000,000:
 * `node bench/campaign.ts 10000 30 100000` is quicker. All of it counts rows: who is in the ledger, accepted, once.
 */
async function main(): Promise<void> {
  const product = await startProduct()
  const deps = await open(product)
  await addTemplate(product)
  await addPeople(product, people, 4_910_000_000_000)
  await setSpeed(product, 100_000)
  await atFullSpeed(product, deps)
  await withStatuses(product, deps)
  await besideAgents(product, deps)
  await heldAtEighty(product, deps)
  await dispose(deps)
  await product.stop()
  await planOne()
}

async function atFullSpeed(product: Product, deps: Composed): Promise<void> {
  await settings(product, silent)
  const posts = await measureBarePosts(product, barePosts, false)
  const ledgered = await measureBarePosts(product, barePosts, true)
  const before = readProcessorTime(processes)
  const sent = await finishBlast(product, await startBlast(deps, product))
  const used = subtract(readProcessorTime(processes), before)
  const postsAfter = await measureBarePosts(product, barePosts, false)
  const ledgeredAfter = await measureBarePosts(product, barePosts, true)
  printComparisons(`A campaign to ${people}, by ledger`, [
    { what: 'bare: posts', ours: sent.perSecond, bare: (posts + postsAfter) / 2, unit: '/s' },
    {
      ...{ what: 'bare: posts, INSERT and UPDATE each', ours: sent.perSecond },
      ...{ bare: (ledgered + ledgeredAfter) / 2, unit: '/s', aim: '>= 0.7x, >= 4000/s' },
    },
  ])
  sayRun(sent)
  const micros = Object.entries(used).map(([name, ms]) => `${name} ${Math.round((ms * 1_000) / people)}`)
  console.log(`  processor time a message, in µs: ${micros.join(', ')}`)
}

async function withStatuses(product: Product, deps: Composed): Promise<void> {
  await settings(product, { statusDelaysMs: { sent: 20, delivered: 100, read: 300 }, webhookBatchMs: 20 })
  const probe = probeIntake(product)
  const sent = await finishBlast(product, await startBlast(deps, product))
  const startedAtMs = performance.now()
  const taken = await statusesTaken(product, people * 3)
  const latencies = await probe.stop()
  const seconds = sent.seconds + (performance.now() - startedAtMs) / 1_000
  console.log(
    `\nWith three statuses a message coming back (aim: 1,500 sends/s with 4,500 statuses/s, intake p99 < 250 ms)`,
  )
  sayRun(sent)
  console.log(`  statuses taken in: ${taken}, ${Math.round(taken / seconds)} /s until the last`)
  console.log(
    `  intake beside it: p50 ${percentile(latencies, 0.5).toFixed(0)} ms, p99 ${percentile(latencies, 0.99).toFixed(0)} ms`,
  )
  await settings(product, silent)
}

async function statusesTaken({ pool }: Product, wanted: number): Promise<number> {
  for (let before = -1; ; await sleep(500)) {
    const { rows } = await pool.query<{ n: number }>(
      `select count(*)::int as n from message_statuses s join messages m on m.id = s.message_id and m.campaign_run_id is not null`,
    )
    const n = rows[0]?.n ?? 0
    if (n >= wanted || n === before) return n
    before = n
  }
}

/** At WhatsApp's ceiling for one number: what an agent's reply waits more than without the campaign. */
async function besideAgents(product: Product, deps: Composed): Promise<void> {
  await setSpeed(product, 1_000)
  const quiet = await measureReplies(product, deps, 60, 0)
  const run = await startBlast(deps, product)
  await sleep(3_000)
  const busy = await measureReplies(product, deps, 60, 1)
  const sent = await finishBlast(product, run)
  const p = (samples: number[], share: number) => percentile(samples, share).toFixed(0)
  console.log(
    `\nAn agent's reply beside a campaign on the same number, at 1,000/s (aim: < 200 ms more at p99)`,
  )
  sayRun(sent)
  console.log(`  alone: p50 ${p(quiet, 0.5)} ms, p99 ${p(quiet, 0.99)} ms`)
  console.log(`  beside it: p50 ${p(busy, 0.5)} ms, p99 ${p(busy, 0.99)} ms`)
  console.log(`  added at p99: ${(percentile(busy, 0.99) - percentile(quiet, 0.99)).toFixed(0)} ms`)
}

async function heldAtEighty(product: Product, deps: Composed): Promise<void> {
  await setSpeed(product, 80)
  await settings(product, { messagesPerSecond: 80 })
  const segmentId = await addSegment(product, Math.min(80 * steadySeconds, people))
  const audience = { include: [{ kind: 'segment', segmentId }] }
  const sent = await finishBlast(product, await startBlast(deps, product, { audience }))
  console.log(`\nHeld at 80/s (aim: within 2 %, no 130429)`)
  sayRun(sent)
  await settings(product, { messagesPerSecond: null })
}

async function addSegment({ pool, workspaceId }: Product, size: number): Promise<string> {
  const id = newId()
  await pool.query(`insert into segments (id, workspace_id, name, kind) values ($1, $2, 'Bench', 'static')`, [
    id,
    workspaceId,
  ])
  await pool.query(
    `insert into segment_members (segment_id, workspace_id, contact_id)
     select $1, $2, id from contacts where workspace_id = $2 order by id limit $3`,
    [id, workspaceId, size],
  )
  return id
}

/** In a product of its own: a million people take their time to be made. */
async function planOne(): Promise<void> {
  const product = await startProduct()
  const deps = await open(product)
  await addTemplate(product)
  await fillAudience(product.pool, product.workspaceId, { contacts: planned, events: 0 })
  await setSpeed(product, 1)
  const memory = () => measureChildren({ worker: processes.worker })[0]?.megabytes ?? 0
  const before = memory()
  const startedAtMs = performance.now()
  const run = await startBlast(deps, product)
  let most = before
  for (;;) {
    await sleep(200)
    most = Math.max(most, memory())
    const { rows } = await product.pool.query<{ intended: number; audience: number }>(
      'select intended, audience from campaign_runs where id = $1 and planned_at is not null',
      [run.id],
    )
    const [row] = rows
    if (!row) continue
    console.log(`\nPlanning ${planned} (aim: < 60 s, process memory < 400 MB)`)
    const seconds = (performance.now() - startedAtMs) / 1_000
    console.log(`  ${seconds.toFixed(1)} s for ${row.audience} people, ${row.intended} of them intended`)
    console.log(`  memory of the worker: ${before} MB before, at most ${most} MB`)
    break
  }
  await dispose(deps)
  await product.stop()
}

function sayRun({ accepted, others, repeated, perSecond, seconds }: Sent): void {
  console.log(
    `  ${perSecond.toFixed(1)} messages/s: ${accepted} accepted in ${seconds.toFixed(1)} s, ${others} not, ${repeated} tried more than once`,
  )
}

async function settings({ sandboxUrl }: Product, changes: object): Promise<void> {
  await call('PUT', `${sandboxUrl}/sandbox/settings`, JSON.stringify(changes))
}

/** Processes keep what a number may for some seconds. */
async function setSpeed({ pool }: Product, messagesPerSecond: number): Promise<void> {
  await pool.query('update phone_numbers set messages_per_second = $1, next_slot_at = now()', [
    messagesPerSecond,
  ])
}

async function open({ databaseUrl, temporalAddress, masterKey, sandboxUrl }: Product): Promise<Composed> {
  return compose(
    configSchema.parse({
      ...{ DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: temporalAddress, MASTER_KEY: masterKey },
      ...{ WHATSAPP_BASE_URL: sandboxUrl, LOG_LEVEL: 'warn' },
    }),
    'bench',
  )
}

await main()
