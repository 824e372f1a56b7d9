import { contactsCsv } from '../../bench/support/contacts-csv.ts'
import { startProcess } from '../support/processes.ts'
import { eventually } from '../support/eventually.ts'
import { newId } from '../../src/db/columns.ts'
import { openImportRig, type ImportRig, type ImportView } from './import-rig.ts'

const contacts = 60_000
const columns = [
  { column: 'phone', to: 'phone_number' },
  { column: 'first_name', to: 'attribute', name: 'first_name' },
]
let rig: ImportRig
beforeAll(async () => {
  rig = await openImportRig({}, { worker: false })
})

async function startWorker() {
  const settings = Object.entries({ ...rig.deps.config, LOG_LEVEL: 'info' })
  const env = settings.flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]))
  const worker = startProcess('src/worker.ts', Object.fromEntries(env))
  await worker.waitForLine(/is polling/)
  return worker
}

async function begin(rows: number): Promise<string> {
  const { body } = await rig.upload(Buffer.concat([...contactsCsv(rows)]))
  const { id } = body as ImportView
  expect(await rig.call('PUT', `/imports/${id}/mapping`, { columns })).toMatchObject({ status: 200 })
  expect(await rig.call('POST', `/imports/${id}/start`, {})).toMatchObject({ status: 200 })
  return id
}

const stored = async () =>
  (await rig.rows<{ n: number }>('select count(*)::int as n from contacts'))[0]?.n ?? 0
const view = async (id: string) => (await rig.call('GET', `/imports/${id}`)).body as ImportView
const somethingStored = (id: string, stage = 'rows') =>
  eventually(
    async () => {
      const { stage: at, progress } = await view(id)
      if (at === 'rows' ? stage !== 'rows' || !progress['rowsRead'] : stage === 'rows') throw new Error(at)
    },
    { timeoutMs: 60_000, intervalMs: 20 },
  )

test('kill -9 of the worker while it stores rows: none is lost, none comes twice', async () => {
  let worker = await startWorker()
  const id = await begin(contacts)
  await somethingStored(id)
  await worker.kill()
  const before = await view(id)
  expect(before.progress['rowsRead']).toBeLessThan(contacts)
  worker = await startWorker()
  const after = await rig.settled(id, ['completed', 'failed'], 120_000)
  expect(after).toMatchObject({
    state: 'completed',
    progress: { rowsRead: contacts, created: contacts, spread: contacts },
  })
  expect(await stored()).toBe(contacts)
  const told = await rig.rows(
    `select count(*)::int as n, count(distinct contact_id)::int as people from events where type = 'contact_created'`,
  )
  expect(told).toEqual([{ n: contacts, people: contacts }])
  const facts = await rig.rows(`select count(*)::int as n from facts where kind = 'contact.created'`)
  expect(facts).toEqual([{ n: contacts }])
  await worker.stop()
}, 240_000)

test('an import is held, goes on, is ended, and begins again where it was', async () => {
  const worker = await startWorker()
  const id = await begin(contacts)
  await somethingStored(id)
  expect(await rig.call('POST', `/imports/${id}/pause`)).toMatchObject({ status: 200 })
  const held = await rig.settled(id, ['paused'], 30_000)
  expect(held.progress['rowsRead']).toBeLessThan(contacts)
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  expect((await view(id)).progress).toEqual(held.progress)
  expect(await rig.call('DELETE', `/imports/${id}`)).toMatchObject({ status: 409 })
  await rig.call('POST', `/imports/${id}/resume`)
  await rig.call('POST', `/imports/${id}/cancel`)
  const ended = await rig.settled(id, ['cancelled'], 30_000)
  expect(ended.progress['rowsRead']).toBeLessThan(contacts)
  expect(await rig.call('POST', `/imports/${id}/start`, {})).toMatchObject({ status: 200 })
  const done = await rig.settled(id, ['completed'], 120_000)
  expect(done.progress).toMatchObject({ rowsRead: contacts, unchanged: contacts })
  expect(await rig.call('DELETE', `/imports/${id}`)).toMatchObject({ status: 204 })
  await worker.stop()
}, 240_000)

test('journeys start for those imported, no faster than allowed, and once', async () => {
  const worker = await startWorker()
  const journeyId = await publishJourney()
  const rows = 'phone\n+4917011111111\n+4917011111112\n+4917011111113\n+4917011111114\n'
  const startedAtMs = Date.now()
  const done = await rig.run(rows, { columns: columns.slice(0, 1), journeys: { ratePerMinute: 60 } })
  expect(done.progress).toMatchObject({ created: 4, journeysAsked: 4 })
  expect(Date.now() - startedAtMs).toBeLessThan(60_000)
  expect(await runsOf(journeyId)).toBe(4)
  const again = await rig.run(rows, { columns: columns.slice(0, 1), journeys: { ratePerMinute: 60 } })
  expect(again.progress).toMatchObject({ unchanged: 4, journeysAsked: 0 })
  const slow = { for: 'all', ratePerMinute: 12 }
  const { body } = await rig.upload(rows)
  const { id } = body as ImportView
  await rig.call('PUT', `/imports/${id}/mapping`, { columns: columns.slice(0, 1), journeys: slow })
  await rig.call('POST', `/imports/${id}/start`, {})
  await eventually(async () => expect((await view(id)).progress['journeysAsked']).toBe(1), {
    timeoutMs: 20_000,
  })
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  expect((await view(id)).progress['journeysAsked']).toBe(1)
  await rig.call('POST', `/imports/${id}/cancel`)
  await rig.settled(id, ['cancelled'])
  await worker.stop()
}, 120_000)

const runsOf = async (journeyId: string) =>
  (await rig.rows<{ n: number }>('select count(*)::int as n from runs where journey_id = $1', [journeyId]))[0]
    ?.n

async function publishJourney(): Promise<string> {
  const [numberId, journeyId, versionId] = [newId(), newId(), newId()]
  const definition = JSON.stringify({
    start: 'wait',
    triggers: [{ type: 'import-contact' }],
    entry: { reentry: 'always' },
    cards: { wait: { type: 'end-conversation', settings: {}, next: {} } },
  })
  await rig.rows(
    `insert into phone_numbers (id, workspace_id, phone_number_id, waba_id, display_number, sealed_access_token,
       sealed_app_secret, verify_token_hash) values ($1, $2, $3, '1', '1', '', '', '')`,
    [numberId, rig.workspaceId, numberId],
  )
  await rig.rows(
    `insert into journeys (id, workspace_id, number_id, name, draft) values ($1, $2, $3, 'Imported', $4)`,
    [journeyId, rig.workspaceId, numberId, definition],
  )
  await rig.rows(
    'insert into journey_versions (id, workspace_id, journey_id, number, definition) values ($1, $2, $3, 1, $4)',
    [versionId, rig.workspaceId, journeyId, definition],
  )
  await rig.rows('update journeys set published_version_id = $1 where id = $2', [versionId, journeyId])
  return journeyId
}
