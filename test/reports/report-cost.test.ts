import type { JourneyFact } from '../../workflows/cards/journey-state.ts'
import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { routes as journeyRoutes } from '../../src/journeys/routes.ts'
import { saveProgress } from '../../src/journeys/save-progress.ts'
import { foldDeltas } from '../../src/reports/fold-deltas.ts'
import { routes as reportRoutes } from '../../src/reports/routes.ts'
import { openWorkspaceApi, type WorkspaceApi } from '../support/workspace-api.ts'

let rig: WorkspaceApi
let journeyId: string
let versionId: string
let numberId: string

beforeAll(async () => {
  // One connection: what it has read stands in its statistics once it is told to hand them over.
  rig = await openWorkspaceApi([...journeyRoutes, ...reportRoutes], { DATABASE_POOL_SIZE: 1 })
  numberId = await rig.addNumber()
  const draft = {
    start: 'split',
    triggers: [{ type: 'api' }],
    cards: {
      split: {
        type: 'ab-splitter',
        settings: { paths: ['a', 'b'].map((id) => ({ id, weight: 1 })) },
        next: { 'path:a': 'end', 'path:b': 'end' },
      },
      end: { type: 'end-conversation', settings: {} },
    },
  }
  journeyId = (await rig.ask<{ id: string }>(201, 'POST', '/journeys', { numberId, name: 'J', draft })).id
  await rig.ask(201, 'POST', `/journeys/${journeyId}/publish`)
  const [version] = await rig.rows<{ id: string }>('select id from journey_versions')
  versionId = version?.id ?? ''
})
afterAll(() => rig.close())

const flushStatistics = () => rig.deps.orm.em.fork().execute('select pg_stat_force_next_flush()')

/** How often each table has been read, by whatever way. */
async function readsByTable(): Promise<Map<string, number>> {
  await flushStatistics()
  const rows = await rig.rows<{ name: string; reads: number }>(
    'select relname as name, (seq_scan + coalesce(idx_scan, 0))::int as reads from pg_stat_user_tables',
  )
  return new Map(rows.map(({ name, reads }) => [name, reads]))
}

/** Over the same connection: another's statistics would arrive at any time. */
async function addRun(): Promise<string> {
  const [runId, { workspaceId }] = [newId(), rig.ours]
  await forkFor(rig.deps.orm, workspaceId).execute(
    `insert into runs (id, workspace_id, journey_id, version_id, number_id, lineage_id, entry, workflow_id, state, fact_id)
     values (?, ?, ?, ?, ?, ?, ?, ?, 'running', ?)`,
    [runId, workspaceId, journeyId, versionId, numberId, runId, runId, runId, runId],
  )
  return runId
}

const reports = ['', '/days', '/versions', '/cards', '/messages', '/experiments']

test('a report reads counters, and nothing that there are as many of as runs', async () => {
  await addRun()
  await foldDeltas(rig.deps)
  const before = await readsByTable()
  const today = new Date().toISOString().slice(0, 10)
  for (const report of reports)
    for (const query of ['', '?version=1', `?from=${today}&to=${today}`])
      await rig.ask(200, 'GET', `/journeys/${journeyId}/report${report}${query}`)
  const after = await readsByTable()
  const read = [...after].filter(([name, reads]) => reads > (before.get(name) ?? 0))
  const known = ['api_keys', 'journey_counters', 'journey_deltas', 'journey_versions', 'journeys']
  expect(read.map(([name]) => name).sort()).toEqual(known)
})

test('steps look their facts up by key, though the plan was made while there were none', async () => {
  const { workspaceId } = rig.ours
  const runId = await addRun()
  let atMs = Date.now()
  for (let step = 0; step < 30; step++) {
    const facts: JourneyFact[] = [
      { id: newId(), atMs: ++atMs, kind: 'card.entered', causeId: '', data: { card: 'split' } },
      {
        ...{ id: newId(), atMs: ++atMs, kind: 'card.left', causeId: '', spentMs: 5 },
        data: { card: 'split', outlet: 'path:a' },
      },
    ]
    const run = { workspaceId, runId, lineageId: runId, journeyId, numberId }
    await forkFor(rig.deps.orm, workspaceId).transactional((em) =>
      saveProgress(em, { run, facts, state: 'running', cardId: 'split' }),
    )
  }
  await flushStatistics()
  const [read] = await rig.rows<{ rows: number }>(
    `select (sum(i.idx_tup_read) + sum(distinct t.seq_tup_read))::int as rows from pg_stat_user_indexes i
     join pg_stat_user_tables t using (relid) where t.relname like 'facts%'`,
  )
  expect(read?.rows).toBeLessThan(20)
})

test('what was folded leaves nothing for reports to step over', async () => {
  const addDeltas = (count: number) =>
    rig.rows(
      `insert into journey_deltas (workspace_id, journey_id, version_id, day, counts)
       select $1, $2, $3, now(), '{"card-entered|end|": 1}' from generate_series(1, $4::int)`,
      [rig.ours.workspaceId, journeyId, versionId, count],
    )
  await addDeltas(12_000)
  await foldDeltas(rig.deps)
  // The next time at the latest the database has told how many are gone.
  await flushStatistics()
  await addDeltas(1)
  await foldDeltas(rig.deps)
  const [table] = await rig.rows(
    `select vacuum_count > 0 as vacuumed, n_dead_tup < 100 as clear from pg_stat_user_tables where relname = 'journey_deltas'`,
  )
  expect(table).toEqual({ vacuumed: true, clear: true })
  const { items } = await rig.ask<{ items: object[] }>(200, 'GET', `/journeys/${journeyId}/report/cards`)
  expect(items).toContainEqual(expect.objectContaining({ cardId: 'end', entered: 12_001 }))
})
