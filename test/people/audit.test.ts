import { createAsk, openApi, openWorkspace, type ApiRig, type Ask } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'

let api: ApiRig
let mine: Awaited<ReturnType<typeof openWorkspace>>
let theirs: Awaited<ReturnType<typeof openWorkspace>>
let ask: Ask<Record<string, unknown>>
beforeAll(async () => {
  api = await openApi({ DATABASE_URL: (await freshDatabase()).url })
  mine = await openWorkspace(api, 'mine')
  theirs = await openWorkspace(api, 'theirs')
  ask = createAsk(api, mine.key)
})
afterAll(() => api.close())

interface Entry {
  id: string
  at: string
  actor: string
  actorName: string
  action: string
  target: Record<string, unknown>
  fields: string[]
  status: number
  address: string
  requestId: string
}
const list = async (query = '') =>
  (await ask<{ items: Entry[]; nextCursor: string | null }>(200, 'GET', `/audit${query}`)).items

test('a change is noted with who, what, to what, which fields, how it ended and from where; no value of it', async () => {
  const secret = 'a very quiet pass phrase'
  const { id } = await ask<{ id: string }>(
    ...[201, 'POST', '/users', { username: 'ann', password: secret }, mine.admin.token],
  )
  const [entry] = await list()
  expect(entry).toMatchObject({
    actor: `user ${mine.admin.id}`,
    actorName: mine.admin.username,
    action: expect.stringContaining('Add a user'),
    target: { id },
    fields: ['username', 'password'],
    status: 201,
    address: expect.stringContaining('127.0.0.1'),
    requestId: expect.stringMatching(/^[\w-]{36}$/),
  })
  expect(JSON.stringify(await list())).not.toContain(secret)
})

test('so is what was refused, and what keys do; reading is not', async () => {
  await ask(403, 'DELETE', `/users/${mine.admin.id}`, undefined, mine.user.token)
  expect((await list())[0]).toMatchObject({
    ...{ actor: `user ${mine.user.id}`, target: { id: mine.admin.id }, status: 403 },
  })
  await ask(400, 'POST', '/groups', {})
  const [refused] = await list()
  expect(refused).toMatchObject({ actor: `key ${mine.keyId}`, actorName: 'test', status: 400 })
  await ask(200, 'GET', '/users')
  expect((await list())[0]?.id).toBe(refused?.id)
})

test('so is signing in, and every try at it', async () => {
  const { username, password } = mine.user
  await ask(401, 'POST', '/sessions', { username, password: 'a guess' })
  await ask(201, 'POST', '/sessions', { username, password })
  const [right, wrong] = await list('?action=Sign%20in')
  expect(right).toMatchObject({ actor: `user ${mine.user.id}`, status: 201 })
  expect(wrong).toMatchObject({ actor: `user ${mine.user.id}`, status: 401 })
})

test('a repetition that did nothing is not noted twice', async () => {
  const headers = { 'idempotency-key': 'once' }
  const body = { name: 'a team' }
  for (let at = 0; at < 2; at++)
    await api.ask('POST', '/platform/v1/groups', { token: mine.key, body, headers })
  expect(await list('?action=Make%20a%20team&limit=200')).toMatchObject([{ status: 201 }, { status: 400 }])
})

test('many at once are all there', async () => {
  const names = Array.from({ length: 30 }, (_, at) => `crowd ${at}`)
  await Promise.all(names.map((name) => ask(201, 'POST', '/groups', { name })))
  const noted = await list('?action=Make%20a%20team&limit=200')
  expect(noted.filter(({ status }) => status === 201)).toHaveLength(31)
  expect(new Set(noted.map(({ id }) => id)).size).toBe(noted.length)
})

test('the log is filtered by who, what and when, and turned page by page', async () => {
  const actor = encodeURIComponent(`user ${mine.user.id}`)
  const ofUser = await list(`?actor=${actor}`)
  expect(new Set(ofUser.map((entry) => entry.actor))).toEqual(new Set([`user ${mine.user.id}`]))
  const all = await list('?limit=200')
  const [newest, oldest] = [all[0]?.at ?? '', all.at(-1)?.at ?? '']
  expect(await list(`?until=${oldest}`)).toEqual([])
  expect((await list(`?since=${newest}`)).map(({ id }) => id)).toContain(all[0]?.id)
  const first = await ask<{ items: Entry[]; nextCursor: string }>(200, 'GET', '/audit?limit=2')
  const second = await ask<{ items: Entry[] }>(200, 'GET', `/audit?limit=2&cursor=${first.nextCursor}`)
  expect([...first.items, ...second.items]).toEqual(all.slice(0, 4))
})

test('is a file too, in which no cell calculates', async () => {
  await ask(400, 'POST', '/groups', { '=cmd()': 1 })
  const { text, headers } = await api.ask('GET', '/platform/v1/audit/export', { token: mine.admin.token })
  expect(headers.get('content-type')).toContain('text/csv')
  const lines = text.trimEnd().split('\r\n')
  expect(lines).toHaveLength((await list('?limit=200')).length + 1)
  expect(lines[1]).toMatch(/'=cmd\(\)/)
})

test('is of the workspace, and for those who may see it', async () => {
  await ask(403, 'GET', '/audit', undefined, mine.user.token)
  const ofTheirs = await ask<{ items: Entry[] }>(200, 'GET', '/audit', undefined, theirs.key)
  expect(ofTheirs.items).toEqual([])
})
