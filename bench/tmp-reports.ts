import { randomUUID } from 'node:crypto'
import { recordFacts } from '../src/analytics/facts.ts'
import { compose, dispose, type Composed } from '../src/compose.ts'
import { configSchema } from '../src/config.ts'
import { forkFor } from '../src/db/orm.ts'
import { saveProgress, type RunProgress } from '../src/journeys/save-progress.ts'
import { foldDeltas } from '../src/reports/fold-deltas.ts'
import { reportRuns } from '../src/reports/report-runs.ts'
import type { JourneyFact } from '../workflows/cards/journey-state.ts'
import { median, printComparisons } from './support/figures.ts'
import { startProduct, type Product } from './support/product.ts'

const rounds = 5
const runsARound = 300
const lanes = 8
const asks = 30

interface Journey {
  workspaceId: string
  numberId: string
  journeyId: string
  versionId: string
  contactId: string
}

/**
 * What counting costs a run of three cards (six steps, told in three transactions, and its end): ours against the same
 * facts and rows uncounted. And what a report costs over 10 runs and over so many (`node bench/reports.ts 100000`; a million
 * when not given): ours against counting the rows.
 */
async function main(): Promise<void> {
  const [many = 1_000_000] = process.argv.slice(2).map(Number)
  if (!Number.isInteger(many) || many < 10) throw new Error('give the number of runs, e.g. 100000')
  const product = await startProduct([])
  const { databaseUrl: DATABASE_URL } = product
  const config = configSchema.parse({ DATABASE_URL, MASTER_KEY: '0'.repeat(64), LOG_LEVEL: 'silent' })
  const deps = await compose(config, 'bench')
  const journey = await findJourney(product)
  await product.pool.query("create extension if not exists pg_stat_statements").catch((e) => console.log(String(e)))
  for (let i = 0; i < 30; i++) await walk(deps, journey, saveProgress)
  const t = performance.now()
  for (let i = 0; i < 100; i++) await walk(deps, journey, saveProgress)
  console.log('ours serial ms/run', (performance.now() - t) / 100)
  const em = deps.orm.em.fork()
  const old = em.constructor.prototype.execute
  const sums = new Map<string, [number, number]>()
  const proto = Object.getPrototypeOf(em)
  const ex = (em as unknown as Record<string, unknown>)['execute'] as (...a: unknown[]) => Promise<unknown>
  void old; void proto; void ex
  const t2 = performance.now()
  await product.pool.query('alter table runs disable trigger user')
  for (let i = 0; i < 100; i++) await walk(deps, journey, saveProgress)
  console.log('ours serial without triggers', (performance.now() - t2) / 100)
  const t3 = performance.now()
  for (let i = 0; i < 100; i++) await walk(deps, journey, saveUncounted)
  console.log('bare serial', (performance.now() - t3) / 100)
  await product.pool.query('alter table runs enable trigger user')
  const { rows } = await product.pool.query("select id from runs limit 1")
  const facts = JSON.stringify([1,2,3,4].map((i) => ({ id: randomUUID(), at_ms: Date.now() + i, kind: 'card.entered', cause_id: null, data: {}, spent_ms: null })))
  const c = await product.pool.connect()
  const sql = `explain (analyze, buffers) with fresh as (
       insert into facts (id, workspace_id, at, kind, contact_id, run_id, cause_id, data, version_id, spent_ms)
       select f.id, $1::uuid, to_timestamp(f.at_ms / 1000.0), f.kind, null::uuid, $2::uuid, f.cause_id, f.data, null::uuid, f.spent_ms
       from jsonb_to_recordset($3::jsonb) as
         f(id uuid, at_ms double precision, kind text, cause_id uuid, data jsonb, spent_ms bigint)
       where not exists (select 1 from facts g where g.id = f.id and g.at > now() - interval '2 days'
         and g.at < now() + interval '2 days')
       on conflict do nothing returning id, utc_day(at) as day)
     select * from fresh`
  for (const mode of ['force_custom_plan', 'force_generic_plan']) {
    await c.query(`set plan_cache_mode = ${mode}`)
    const res = await c.query({ name: mode, text: sql, values: [journey.workspaceId, rows[0].id, facts.replace(/"id":"./g, `"id":"${mode.length % 10}`)] })
    console.log(res.rows.map((r) => Object.values(r)[0]).join('\n'))
  }
  c.release()
  await dispose(deps)
  await product.stop()
}

async function findJourney({ pool, workspaceId, numberId }: Product): Promise<Journey> {
  const contactId = randomUUID()
  await pool.query('insert into contacts (id, workspace_id) values ($1, $2)', [contactId, workspaceId])
  const { rows } = await pool.query<{ id: string; version: string }>(
    'select id, published_version_id as version from journeys where workspace_id = $1',
    [workspaceId],
  )
  return { workspaceId, numberId, contactId, journeyId: rows[0]?.id ?? '', versionId: rows[0]?.version ?? '' }
}

async function measureSteps({ pool }: Product, deps: Composed, journey: Journey): Promise<void> {
  const measured = { ours: [] as number[], bare: [] as number[] }
  for (let round = -1; round < rounds; round++) {
    const ours = await measure(() => walk(deps, journey, saveProgress))
    await pool.query('alter table runs disable trigger user')
    const bare = await measure(() => walk(deps, journey, saveUncounted))
    await pool.query('alter table runs enable trigger user')
    if (round < 0) continue
    measured.ours.push(ours)
    measured.bare.push(bare)
  }
  const [ours, bare] = [median(measured.ours), median(measured.bare)]
  printComparisons(`Runs of 3 cards written down, ${lanes} at once`, [
    { what: 'runs a second', ours, bare, unit: '/s', aim: '>= 0.7x' },
  ])
  const { rows } = await pool.query<{ deltas: number }>('select count(*)::int as deltas from journey_deltas')
  const counted = (rounds + 1) * runsARound
  const startedAtMs = performance.now()
  await foldDeltas(deps)
  const foldMs = performance.now() - startedAtMs
  const { rows: left } = await pool.query<{ n: number }>('select count(*)::int as n from journey_counters')
  console.log(
    `${((rows[0]?.deltas ?? 0) / counted).toFixed(2)} deltas a run; ${rows[0]?.deltas} folded in ${foldMs.toFixed(0)} ms into ${left[0]?.n} counters`,
  )
}

async function measure(work: () => Promise<void>): Promise<number> {
  const startedAtMs = performance.now()
  let left = runsARound
  const lane = async () => {
    while (left-- > 0) await work()
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return (runsARound * 1_000) / (performance.now() - startedAtMs)
}

const insertRuns = `insert into runs (id, workspace_id, journey_id, version_id, contact_id, number_id, lineage_id, entry,
    workflow_id, state, card_id, fact_id)
  select n.id, $1, $2, $3, $4, $5, n.id, n.id::text, n.id::text, 'running', 'ask', n.id`

async function walk(deps: Composed, journey: Journey, save: typeof saveProgress): Promise<void> {
  const { workspaceId, journeyId, versionId, contactId, numberId } = journey
  const runId = randomUUID()
  const em = forkFor(deps.orm, workspaceId)
  const row = insertRuns.replace(/\$\d/g, '?')
  await em.execute(`${row} from (select ?::uuid as id) n`, [
    ...[workspaceId, journeyId, versionId, contactId, numberId, runId],
  ])
  const run = { workspaceId, runId, lineageId: runId, journeyId, contactId, numberId, conversationId: '' }
  for (const cards of [['ask'], ['split', 'thanks'], ['end']]) {
    const facts = cards.flatMap((card) => [
      factOf('card.entered', { card }),
      factOf('card.left', { card, outlet: 'next' }),
    ])
    const progress: RunProgress = { run, facts, state: 'running', cardId: cards[0] ?? null }
    await em.transactional((tx) => save(tx, progress))
  }
  await em.execute(`update runs set state = 'completed', ended_at = now(), outcome = 'done' where id = ?`, [
    runId,
  ])
}

let atMs = Date.now()

function factOf(kind: JourneyFact['kind'], data: JourneyFact['data']): JourneyFact {
  const spentMs = kind === 'card.left' ? 1_234 : undefined
  return {
    id: randomUUID(),
    atMs: (atMs += 1),
    kind,
    causeId: randomUUID(),
    data,
    ...(spentMs && { spentMs }),
  }
}

/** The same rows, as they would be without reports. */
const saveUncounted: typeof saveProgress = async (em, { run, facts, state, cardId }) => {
  const { workspaceId, contactId, runId } = run
  await recordFacts(
    em,
    workspaceId,
    facts.map(({ spentMs: _spentMs, ...fact }) => ({ ...fact, contactId, runId })),
  )
  await em.execute(
    'update runs set state = ?, card_id = coalesce(?, card_id), updated_at = now() where id = ? and ended_at is null',
    [state, cardId, runId],
  )
}

async function measureReports(
  product: Product,
  deps: Composed,
  journey: Journey,
  many: number,
): Promise<void> {
  const comparisons = []
  for (const runs of [10, many]) {
    const own = await fill(product, journey, runs)
    const folding = performance.now()
    await foldDeltas(deps)
    console.log(`${runs} runs: folded in ${((performance.now() - folding) / 1_000).toFixed(1)} s`)
    const measured = { ours: [] as number[], bare: [] as number[] }
    for (let at = -3; at < asks; at++) {
      const begun = performance.now()
      const report = await reportRuns(deps, own)
      const between = performance.now()
      const { rows } = await product.pool.query<{ inside: number; completed: number }>(
        `select count(*) filter (where ended_at is null)::int as inside,
           count(*) filter (where state = 'completed')::int as completed from runs where journey_id = $1`,
        [own.journeyId],
      )
      const { inside, completed } = report
      if (rows[0]?.inside !== inside || rows[0].completed !== completed)
        throw new Error(`the report says ${inside} and ${completed}, the rows ${JSON.stringify(rows)}`)
      if (at < 0) continue
      measured.ours.push(between - begun)
      measured.bare.push(performance.now() - between)
    }
    const [ours, bare] = [median(measured.ours), median(measured.bare)]
    comparisons.push({ what: `over ${runs} runs, p50`, ours, bare, unit: 'ms' as const })
  }
  printComparisons('Report of a journey, against counting its rows', comparisons)
}

/** A journey with so many runs, of which two in three have ended. */
async function fill(
  { pool }: Product,
  journey: Journey,
  runs: number,
): Promise<{ workspaceId: string; journeyId: string }> {
  const { workspaceId, numberId, contactId } = journey
  const [journeyId, versionId] = [randomUUID(), randomUUID()]
  await pool.query(
    `insert into journeys (id, workspace_id, number_id, name, draft) values ($1, $2, $3, 'Many', '{}')`,
    [journeyId, workspaceId, numberId],
  )
  await pool.query(
    `insert into journey_versions (id, workspace_id, journey_id, number, definition) values ($1, $2, $3, 1, '{}')`,
    [versionId, workspaceId, journeyId],
  )
  await pool.query(`${insertRuns} from (select gen_random_uuid() as id from generate_series(1, $6::int)) n`, [
    ...[workspaceId, journeyId, versionId, contactId, numberId, runs],
  ])
  await pool.query(
    `update runs set ended_at = now(), state = case when hashtext(id::text) % 2 = 0 then 'completed' else 'exited' end,
       outcome = 'done' where journey_id = $1 and hashtext(id::text) % 3 <> 0`,
    [journeyId],
  )
  return { workspaceId, journeyId }
}

await main()
