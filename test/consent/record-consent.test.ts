import { recordConsent, recordStatements, type ConsentStatement } from '../../src/consent/record-consent.ts'
import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { openWorkspaceApi, type WorkspaceApi } from '../support/workspace-api.ts'

let rig: WorkspaceApi

beforeAll(async () => {
  rig = await openWorkspaceApi(contactRoutes)
})
afterAll(() => rig.close())

const rows: WorkspaceApi['rows'] = (...asked) => rig.rows(...asked)

let phones = 0
async function newContact(): Promise<string> {
  const waId = `4917055510${String(++phones).padStart(2, '0')}`
  return (await rig.ask<{ id: string }>(201, 'POST', '/contacts', { waId })).id
}
const say = (contactId: string, said: Partial<ConsentStatement> = {}): ConsentStatement => ({
  ...{ contactId, category: 'all', state: 'opted_out', source: 'test', by: 'test' },
  ...{ atMs: Date.now(), causeId: newId(), text: 'words' },
  ...said,
})
const record = (...statements: ConsentStatement[]) =>
  forkFor(rig.deps.orm, rig.ours.workspaceId).transactional((em) =>
    recordStatements(em, rig.ours.workspaceId, statements),
  )
const stand = (contactId: string) =>
  rows<{ category: string; state: string }>(
    'select category, state from consents where contact_id = $1 order by category',
    [contactId],
  )
const isStopped = async (contactId: string) =>
  (
    await rows<{ stopped: boolean }>(
      'select opted_out_at is not null as stopped from contacts where id = $1',
      [contactId],
    )
  )[0]?.stopped
const events = (contactId: string) =>
  rows<{ type: string; attributes: object }>(
    `select type, attributes from events where contact_id = $1 and type like 'opted%' order by id`,
    [contactId],
  )
const log = (contactId: string) =>
  rows<{ category: string; state: string; changed: boolean }>(
    'select category, state, changed from consent_log where contact_id = $1 order by seq',
    [contactId],
  )

test('a STOP to everything is one event, three proofs and the flag; START takes all back', async () => {
  const contactId = await newContact()
  await record(say(contactId))
  expect(await stand(contactId)).toEqual(
    ['authentication', 'marketing', 'utility'].map((category) => ({ category, state: 'opted_out' })),
  )
  expect(await isStopped(contactId)).toBe(true)
  await record(say(contactId))
  await record(say(contactId, { state: 'opted_in' }))
  expect(await isStopped(contactId)).toBe(false)
  expect(await events(contactId)).toEqual([
    { type: 'opted_out', attributes: { category: 'all', source: 'test' } },
    { type: 'opted_in', attributes: { category: 'all', source: 'test' } },
  ])
  expect((await log(contactId)).map(({ changed }) => changed)).toEqual([
    ...[true, true, true],
    ...[false, false, false],
    ...[true, true, true],
  ])
  const facts = await rows<{ kind: string; cause_id: string; data: object }>(
    `select kind, cause_id, data from facts where contact_id = $1 and kind = 'consent.changed' order by at`,
    [contactId],
  )
  expect(facts).toHaveLength(2)
  expect(facts[0]).toMatchObject({ data: { state: 'opted_out', category: 'all', by: 'test' } })
})

test('the flag stands for all categories together, however they were refused', async () => {
  const contactId = await newContact()
  await record(say(contactId, { category: 'marketing' }), say(contactId, { category: 'utility' }))
  expect(await isStopped(contactId)).toBe(false)
  await record(say(contactId, { category: 'authentication' }))
  expect(await isStopped(contactId)).toBe(true)
  await record(say(contactId, { category: 'utility', state: 'opted_in' }))
  expect(await isStopped(contactId)).toBe(false)
  expect(await events(contactId)).toHaveLength(4)
})

test('the same statement told again, also at the same moment, is one', async () => {
  const contactId = await newContact()
  const said = say(contactId)
  await Promise.all(Array.from({ length: 8 }, () => record(said)))
  expect(await log(contactId)).toHaveLength(3)
  expect(await events(contactId)).toHaveLength(1)
})

test('categories refused by different people at once still make everything', async () => {
  for (let turn = 0; turn < 10; turn += 1) {
    const contactId = await newContact()
    const categories = ['marketing', 'utility', 'authentication'] as const
    await Promise.all(categories.map((category) => record(say(contactId, { category }))))
    expect(await isStopped(contactId)).toBe(true)
  }
})

test('what was said before the latest statement is proof and changes nothing', async () => {
  const contactId = await newContact()
  const now = Date.now()
  await record(say(contactId, { atMs: now }))
  await record(say(contactId, { state: 'opted_in', atMs: now - 86_400_000, source: 'import' }))
  expect(await isStopped(contactId)).toBe(true)
  expect((await log(contactId)).slice(3)).toMatchObject([
    { changed: false },
    { changed: false },
    { changed: false },
  ])
  expect(await events(contactId)).toHaveLength(1)
})

test("WhatsApp's whole seconds and clocks that differ do not lose a STOP", async () => {
  const contactId = await newContact()
  const second = Math.floor(Date.now() / 1_000) * 1_000
  await record(say(contactId, { state: 'opted_in', atMs: second + 900 }))
  await record(say(contactId, { atMs: second }))
  expect(await isStopped(contactId)).toBe(true)
  await record(say(contactId, { state: 'opted_in', atMs: second }))
  expect(await isStopped(contactId)).toBe(false)
  await record(say(contactId, { atMs: second - 3_000 }))
  expect(await isStopped(contactId)).toBe(true)
})

test('statements of one contact count in their order, those of many go together', async () => {
  const [first, second] = [await newContact(), await newContact()]
  const { changes } = await record(
    say(first),
    say(first, { state: 'opted_in' }),
    say(second, { category: 'marketing' }),
    say(first),
  )
  expect(await isStopped(first)).toBe(true)
  expect(await isStopped(second)).toBe(false)
  expect(changes.filter(({ changed }) => changed)).toHaveLength(10)
  expect(await log(first)).toHaveLength(9)
})

test('many contacts at once; those of another workspace are left alone', async () => {
  const contactIds = [await newContact(), await newContact()]
  const said = say('')
  await forkFor(rig.deps.orm, rig.theirs.workspaceId).transactional((em) =>
    recordConsent(em, { ...said, workspaceId: rig.theirs.workspaceId, contactIds }),
  )
  expect(await rows('select 1 from consent_log where workspace_id = $1', [rig.theirs.workspaceId])).toEqual(
    [],
  )
  await forkFor(rig.deps.orm, rig.ours.workspaceId).transactional((em) =>
    recordConsent(em, {
      ...said,
      workspaceId: rig.ours.workspaceId,
      contactIds: [...contactIds, ...contactIds],
    }),
  )
  for (const contactId of contactIds) {
    expect(await isStopped(contactId)).toBe(true)
    expect(await events(contactId)).toHaveLength(1)
  }
})

test('ten thousand contacts in one call take one statement each step', async () => {
  await rows(
    `insert into contacts (id, workspace_id) select gen_random_uuid(), $1 from generate_series(1, 10000)`,
    [rig.ours.workspaceId],
  )
  const found = await rows<{ id: string }>(
    'select id from contacts c where workspace_id = $1 and not exists (select 1 from consents s where s.contact_id = c.id)',
    [rig.ours.workspaceId],
  )
  const contactIds = found.map(({ id }) => id)
  const startMs = performance.now()
  await forkFor(rig.deps.orm, rig.ours.workspaceId).transactional((em) =>
    recordConsent(em, {
      ...say('', { category: 'marketing' }),
      workspaceId: rig.ours.workspaceId,
      contactIds,
    }),
  )
  expect(performance.now() - startMs).toBeLessThan(15_000)
  const [count] = await rows<{ n: number }>(
    `select count(*)::int as n from consents where workspace_id = $1 and category = 'marketing' and state = 'opted_out'
       and contact_id = any($2)`,
    [rig.ours.workspaceId, contactIds],
  )
  expect(count?.n).toBe(contactIds.length)
})
