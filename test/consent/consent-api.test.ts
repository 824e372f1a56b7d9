import { routes as consentRoutes } from '../../src/consent/routes.ts'
import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { newId } from '../../src/db/columns.ts'
import { openWorkspaceApi, type Page, type WorkspaceApi } from '../support/workspace-api.ts'

let rig: WorkspaceApi

beforeAll(async () => {
  rig = await openWorkspaceApi([...contactRoutes, ...consentRoutes])
})
afterAll(() => rig.close())

const ask: WorkspaceApi['ask'] = (...asked) => rig.ask(...asked)
interface Entry {
  id: string
  category: string
  state: string
  text: string
  changed: boolean
}
let phones = 0
const newContact = async () =>
  (
    await ask<{ id: string }>(201, 'POST', '/contacts', {
      waId: `49170556${String(++phones).padStart(4, '0')}`,
    })
  ).id
const put = (id: string, body: object, status = 200, token = rig.ours.key) =>
  ask<object>(status, 'PUT', `/contacts/${id}/consent`, body, token)
const form = { source: 'checkout form', text: 'Yes, send me offers on WhatsApp' }

test('consent is set with its words, shown, and kept as history', async () => {
  const id = await newContact()
  expect(await ask<object>(200, 'GET', `/contacts/${id}/consent`)).toEqual({
    contactId: id,
    optedOutAt: null,
    categories: ['marketing', 'utility', 'authentication'].map((category) => ({
      ...{ category, state: null, source: null, text: null, at: null, by: null },
    })),
  })
  const at = '2026-01-05T10:00:00.000Z'
  expect(await put(id, { category: 'marketing', state: 'opted_in', ...form, at })).toMatchObject({
    categories: [
      { category: 'marketing', state: 'opted_in', ...form, at, by: `key ${rig.ours.keyId}` },
      {},
      {},
    ],
  })
  expect(
    await put(id, { category: 'all', state: 'opted_out', source: 'phone call', text: 'No more!' }),
  ).toMatchObject({ optedOutAt: expect.any(String) as string, categories: [{ state: 'opted_out' }, {}, {}] })
  const first = await ask<Page<Entry>>(200, 'GET', `/contacts/${id}/consent/history?limit=3`)
  expect(first.items.map(({ text }) => text)).toEqual(['No more!', 'No more!', 'No more!'])
  const rest = await ask<Page<Entry>>(
    200,
    'GET',
    `/contacts/${id}/consent/history?limit=3&cursor=${first.nextCursor}`,
  )
  expect(rest).toMatchObject({
    nextCursor: null,
    items: [{ category: 'marketing', state: 'opted_in', ...form }],
  })
  const proof = await ask<object>(200, 'GET', `/consent/records/${rest.items[0]?.id}`)
  expect(proof).toMatchObject({
    contactId: id,
    waId: '491705560001',
    by: `key ${rig.ours.keyId}`,
    at,
    message: null,
  })
  const filtered = await ask<Page<Entry>>(200, 'GET', '/consent/records?state=opted_in&category=marketing')
  expect(filtered.items).toMatchObject([{ contactId: id, source: 'checkout form' }])
})

test('every bad field is named, and nothing is written', async () => {
  const id = await newContact()
  const refused = await put(id, { category: 'sms', state: 'maybe', source: ' ', extra: 1 }, 400)
  const named = (refused as { fields: { field: string }[] }).fields.map(({ field }) => field)
  expect(named).toEqual(expect.arrayContaining(['category', 'state', 'source', 'text']))
  const future = new Date(Date.now() + 3_600_000).toISOString()
  expect(await put(id, { category: 'all', state: 'opted_in', ...form, at: future }, 400)).toMatchObject({
    fields: [{ field: 'at' }],
  })
  await ask(400, 'GET', `/contacts/${id}/consent/history?cursor=bm9wZQ`)
  expect(await ask<Page<Entry>>(200, 'GET', `/contacts/${id}/consent/history`)).toEqual({
    items: [],
    nextCursor: null,
  })
})

test("another workspace's contacts, proofs and settings do not exist", async () => {
  const id = await newContact()
  await put(id, { category: 'utility', state: 'opted_out', ...form })
  const { items } = await ask<Page<Entry>>(200, 'GET', `/contacts/${id}/consent/history`)
  await put(id, { category: 'all', state: 'opted_out', ...form }, 404, rig.theirs.key)
  await ask(404, 'GET', `/contacts/${id}/consent`, undefined, rig.theirs.key)
  await ask(404, 'GET', `/contacts/${id}/consent/history`, undefined, rig.theirs.key)
  await ask(404, 'GET', `/consent/records/${items[0]?.id}`, undefined, rig.theirs.key)
  expect(await ask<Page<Entry>>(200, 'GET', '/consent/records', undefined, rig.theirs.key)).toMatchObject({
    items: [],
  })
  await ask(404, 'GET', `/consent/settings?numberId=${newId()}`)
  await ask(404, 'PUT', `/consent/settings?numberId=${newId()}`, {})
})

test('settings of the workspace, of a number in their place, and back', async () => {
  const numberId = await rig.addNumber()
  interface Settings {
    from: string
    settings: { stopScope: string; fuzzy: boolean; languages: string[] }
  }
  const ofNumber = `/consent/settings?numberId=${numberId}`
  expect(await ask<Settings>(200, 'GET', '/consent/settings')).toMatchObject({
    from: 'product',
    settings: { keywords: true, fuzzy: false, stopScope: 'everything', continueRouting: { stop: false } },
  })
  await ask(403, 'PUT', '/consent/settings', { fuzzy: true }, rig.ours.user.token)
  await ask(200, 'PUT', '/consent/settings', { fuzzy: true })
  expect(await ask<Settings>(200, 'GET', ofNumber)).toMatchObject({
    from: 'workspace',
    settings: { fuzzy: true },
  })
  await ask(200, 'PUT', ofNumber, { stopScope: 'marketing', extraWords: { stop: ['Schluss'] } })
  expect(await ask<Settings>(200, 'GET', ofNumber)).toMatchObject({
    from: 'number',
    settings: { fuzzy: false, stopScope: 'marketing', extraWords: { stop: ['Schluss'], start: [] } },
  })
  expect(await ask<Settings>(200, 'GET', '/consent/settings')).toMatchObject({ from: 'workspace' })
  expect(await ask<object>(200, 'POST', '/consent/try', { text: 'schluss!', numberId })).toMatchObject({
    state: 'opted_out',
    category: 'marketing',
    word: 'Schluss',
  })
  expect(await ask<Settings>(200, 'DELETE', ofNumber)).toMatchObject({ from: 'workspace' })
  expect(await ask<Settings>(200, 'DELETE', '/consent/settings')).toMatchObject({ from: 'product' })
  const bad = await ask<{ fields: { field: string }[] }>(400, 'PUT', '/consent/settings', {
    languages: ['en', 'klingon'],
    extraWords: { stop: ['ok', '!!!'] },
    replies: { stop: { text: '' } },
  })
  expect(bad.fields.map(({ field }) => field)).toEqual([
    'languages.1',
    'extraWords.stop.1',
    'replies.stop.text',
  ])
})

test('trying a message out says what it would mean, and why', async () => {
  const attempt = (body: object) => ask<object>(200, 'POST', '/consent/try', body)
  expect(await attempt({ text: ' *STOP*!! ' })).toEqual({
    ...{ state: 'opted_out', category: 'all', word: 'stop', language: null, rule: 'whole message' },
    ...{ folded: 'stop', bare: 'stop' },
  })
  expect(await attempt({ text: 'Désinscrire' })).toMatchObject({ language: 'fr', folded: 'désinscrire' })
  expect(await attempt({ text: 'please stop' })).toMatchObject({ state: null, word: null, rule: null })
  expect(await attempt({ text: 'please stop', settings: { fuzzy: true } })).toMatchObject({
    state: 'opted_out',
    rule: 'polite words',
  })
  expect(await attempt({ text: 'Not now', payload: 'OPT_OUT' })).toMatchObject({ state: 'opted_out' })
  expect(await attempt({ text: 'start' })).toMatchObject({ state: 'opted_in' })
})

test('the words and answers that ship can be read', async () => {
  const { items, nextCursor } = await ask<Page<{ language: string; stop: string[] }>>(
    200,
    'GET',
    '/consent/languages?limit=15',
  )
  const rest = await ask<Page<{ language: string }>>(
    200,
    'GET',
    `/consent/languages?limit=15&cursor=${nextCursor}`,
  )
  expect([...items, ...rest.items].length).toBeGreaterThanOrEqual(20)
  expect(items[0]).toMatchObject({ language: 'en', stop: expect.arrayContaining(['stop']) as string[] })
})
