import { newId } from '../../src/db/columns.ts'
import { findNumberAccess, listNumberAccess } from '../../src/settings/numbers.ts'
import { openApi, openWorkspace, type ApiRig } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'

let api: ApiRig
let databaseUrl: string
let mine: Awaited<ReturnType<typeof openWorkspace>>
let theirs: Awaited<ReturnType<typeof openWorkspace>>
beforeAll(async () => {
  databaseUrl = (await freshDatabase()).url
  api = await openApi({ DATABASE_URL: databaseUrl })
  ;[mine, theirs] = [await openWorkspace(api, 'mine'), await openWorkspace(api, 'theirs')]
})
afterAll(() => api.close())

const secrets = {
  accessToken: 'token-of-a-system-user',
  appSecret: 'app-secret-1',
  verifyToken: 'verify-me-1',
}
const connect = (phoneNumberId: string, token = mine.key) =>
  api.ask('POST', '/platform/v1/numbers', {
    token,
    body: { phoneNumberId, wabaId: '200000000000001', displayNumber: '+1 555 000 1111', ...secrets },
  })

test('a number is connected, shown without its secrets, and its change holds at once in this process', async () => {
  await listNumberAccess(api.deps)
  const made = await connect('100000000000001')
  expect(made).toMatchObject({
    status: 201,
    body: { phoneNumberId: '100000000000001', messagesPerSecond: 80 },
  })
  const { id } = made.body as Record<string, string>
  const { accessToken, appSecret } = secrets
  const access = { accessToken, appSecret, messagesPerSecond: 80 }
  expect(await findNumberAccess(api.deps, String(id))).toMatchObject(access)
  const changed = await api.ask('PATCH', `/platform/v1/numbers/${id}`, {
    token: mine.key,
    body: { messagesPerSecond: 250, accessToken: 'another-token' },
  })
  expect(changed).toMatchObject({
    status: 200,
    body: { id, messagesPerSecond: 250, displayNumber: '+1 555 000 1111' },
  })
  const after = { accessToken: 'another-token', appSecret, messagesPerSecond: 250 }
  expect(await findNumberAccess(api.deps, String(id))).toMatchObject(after)
  const shown = await api.ask('GET', `/platform/v1/numbers/${id}`, { token: mine.user.token })
  for (const text of [made.text, changed.text, shown.text]) expect(text).not.toMatch(/token|secret/i)
  const { rows } = await runSql(databaseUrl, 'select p::text from phone_numbers p')
  expect(JSON.stringify(rows)).not.toMatch(/another-token|app-secret-1|verify-me-1/)
})

test('Meta’s id of a number belongs to one workspace of the installation', async () => {
  await connect('100000000000002')
  expect(await connect('100000000000002', theirs.key)).toMatchObject({
    status: 409,
    body: { code: 'conflict', fields: [{ field: 'phoneNumberId' }] },
  })
})

test('lists are paged and hold nothing of others', async () => {
  await connect('100000000000003', theirs.key)
  const ids: string[] = []
  let cursor = ''
  do {
    const { status, body } = await api.ask('GET', `/platform/v1/numbers?limit=1${cursor}`, {
      token: mine.key,
    })
    expect(status).toBe(200)
    ids.push(...(body['items'] as { phoneNumberId: string }[]).map(({ phoneNumberId }) => phoneNumberId))
    cursor = typeof body['nextCursor'] === 'string' ? `&cursor=${body['nextCursor']}` : ''
  } while (cursor)
  expect(ids).toEqual(['100000000000001', '100000000000002'])
})

test('who may sign in is listed, without a word of how', async () => {
  const list = (query: string) => api.ask('GET', `/platform/v1/users${query}`, { token: mine.key })
  const first = await list('?limit=1')
  const users = (first.body as { items: object[] }).items
  expect(users).toMatchObject([{ id: mine.admin.id, username: mine.admin.username, role: 'admin' }])
  expect(JSON.stringify(users)).not.toMatch(/argon2|hash/)
  expect(JSON.stringify((await list('')).body)).not.toContain(theirs.admin.username)
})

test('what came in and could not be read is listed, the newest first', async () => {
  const insert = (workspaceId: string, field: string, error: string | null) =>
    runSql(
      databaseUrl,
      `insert into inbound_items (id, workspace_id, field, dedupe_key, raw, error) values ($1, $2, $3, $5, '{"a":1}', $4)`,
      [newId(), workspaceId, field, error, newId()],
    )
  await insert(mine.workspaceId, 'flows', null)
  await insert(mine.workspaceId, 'messages', 'no id')
  await insert(theirs.workspaceId, 'messages', 'theirs')
  const list = async (query = '') => {
    const { body } = await api.ask('GET', `/platform/v1/inbound-items${query}`, { token: mine.key })
    return body as { items: { field: string }[]; nextCursor: string | null }
  }
  const all = await list()
  expect(all.items).toMatchObject([
    { field: 'messages', error: 'no id', raw: { a: 1 } },
    { field: 'flows', error: null },
  ])
  expect((await list('?failed=true')).items).toMatchObject([{ field: 'messages' }])
  expect((await list('?failed=false')).items).toMatchObject([{ field: 'flows' }])
  const first = await list('?limit=1')
  expect((await list(`?limit=1&cursor=${first.nextCursor}`)).items).toMatchObject([{ field: 'flows' }])
})

test('a contact’s key is erased once, by its own workspace', async () => {
  const contactId = newId()
  await runSql(databaseUrl, 'insert into contacts (id, workspace_id) values ($1, $2)', [
    contactId,
    mine.workspaceId,
  ])
  await runSql(
    databaseUrl,
    'insert into payload_keys (id, workspace_id, subject, sealed_key) values ($1, $2, $3, $4)',
    [newId(), mine.workspaceId, `contact:${contactId}`, 'sealed'],
  )
  const erase = (token: string) =>
    api.ask('DELETE', `/platform/v1/contacts/${contactId}/payload-key`, { token })
  expect(await erase(theirs.key)).toMatchObject({ status: 404 })
  expect(await erase(mine.key)).toMatchObject({ status: 200, body: { erased: true } })
  expect(await erase(mine.key)).toMatchObject({ status: 200, body: { erased: false } })
  const { rows } = await runSql(databaseUrl, 'select sealed_key from payload_keys')
  expect(rows).toEqual([{ sealed_key: null }])
})
