import { createApiKey } from '../../src/settings/api-keys.ts'
import { hashPassword, verifyPassword } from '../../src/people/passwords.ts'
import { createLoginThrottle } from '../../src/people/login-throttle.ts'
import { routes } from '../../src/settings/routes.ts'
import { openApi, openWorkspace, type ApiRig } from '../support/api-rig.ts'
import { eventually } from '../support/eventually.ts'
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

const workspace = (token?: string, headers = {}) =>
  api.ask('GET', '/platform/v1/workspace', { ...(token && { token }), headers })
const signIn = (body: object, headers = {}) => api.ask('POST', '/platform/v1/sessions', { body, headers })

describe('every route', () => {
  const closed = routes.filter(({ auth }) => auth !== 'none')
  const ask = (route: (typeof closed)[number], token?: string) =>
    api.ask(route.method.toUpperCase(), route.path.replace(':id', mine.keyId), {
      ...(token && { token }),
      ...(route.input?.body && { body: {} }),
    })

  test.each(closed.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s is closed to nobody, to garbage and to keys of other kinds',
    async (_, route) => {
      const bot = await botKey()
      const tokens = [undefined, 'drip_abcdefghij_x', 'drips_x', `${mine.key}x`, bot, 'x'.repeat(5_000)]
      for (const token of tokens) {
        const answer = await ask(route, token)
        expect([answer.status, answer.body['code']]).toEqual([401, 'unauthenticated'])
        expect(answer.headers.get('www-authenticate')).toBe('Bearer')
      }
    },
  )
  test.each(
    closed
      .filter(({ auth }) => auth === 'admin')
      .map((route) => [`${route.method} ${route.path}`, route] as const),
  )('%s is for admins', async (_, route) => {
    expect(await ask(route, mine.user.token)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  })
  test.each(['get', 'patch', 'delete'])(
    '%s with an id of another workspace finds nothing',
    async (method) => {
      const number = await makeNumber()
      const place = {
        get: `numbers/${number}`,
        patch: `numbers/${number}`,
        delete: `api-keys/${mine.keyId}`,
      }[method]
      const body = method === 'patch' ? { body: { messagesPerSecond: 5 } } : {}
      const answer = await api.ask(method.toUpperCase(), `/platform/v1/${place}`, {
        token: theirs.key,
        ...body,
      })
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } })
      expect((await workspace(mine.key)).status).toBe(200)
    },
  )
})

async function makeNumber(): Promise<string> {
  const body = {
    wabaId: '12345',
    displayNumber: '+1 555',
    accessToken: 'a'.repeat(8),
    appSecret: 'b'.repeat(8),
  }
  const answer = await api.ask('POST', '/platform/v1/numbers', {
    token: mine.key,
    body: {
      ...body,
      verifyToken: 'c'.repeat(8),
      phoneNumberId: String(Math.floor(Math.random() * 1e15)).padStart(15, '1'),
    },
  })
  return String(answer.body['id'])
}

async function botKey(): Promise<string> {
  const { workspaceId } = mine
  return (
    await createApiKey(api.deps, { workspaceId, name: 'bot', kind: 'engati', numberId: await makeNumber() })
  ).key
}

describe('API keys', () => {
  test('are shown once, listed without their secret, and end when revoked', async () => {
    const made = await api.ask('POST', '/platform/v1/api-keys', {
      token: mine.admin.token,
      body: { name: 'ci' },
    })
    expect(made).toMatchObject({ status: 201, body: { kind: 'platform', lastUsedAt: null, revokedAt: null } })
    const { key, id, prefix } = made.body as Record<string, string>
    expect(key).toMatch(new RegExp(`^drip_${prefix}_[\\w-]{43}$`))
    expect((await workspace(key)).status).toBe(200)
    const listed = await api.ask('GET', '/platform/v1/api-keys?limit=200', { token: mine.key })
    expect(listed.text).not.toContain(String(key).slice(-43))
    expect(await api.ask('DELETE', `/platform/v1/api-keys/${id}`, { token: mine.key })).toMatchObject({
      status: 200,
      body: { revokedAt: expect.any(String) },
    })
    expect((await workspace(key)).status).toBe(401)
  })
  test('only a hash is kept, and the last use is written at most once a minute', async () => {
    await workspace(mine.key)
    const read = async () => {
      const { rows } = await runSql(
        databaseUrl,
        'select secret_hash, last_used_at from api_keys where id = $1',
        [mine.keyId],
      )
      return rows[0] as { secret_hash: string; last_used_at: Date | null }
    }
    const first = await eventually(async () => {
      const row = await read()
      if (!row.last_used_at) throw new Error('not written yet')
      return row
    })
    expect(mine.key).not.toContain(first.secret_hash)
    await workspace(mine.key)
    await api.deps.background.drain()
    expect((await read()).last_used_at).toEqual(first.last_used_at)
  })
  test('a key of a dialect is bound to a number of its own workspace', async () => {
    const make = (token: string, body: object) => api.ask('POST', '/platform/v1/api-keys', { token, body })
    const number = await makeNumber()
    expect(await make(mine.key, { name: 'bot', kind: 'engati' })).toMatchObject({ status: 400 })
    expect(await make(theirs.key, { name: 'bot', kind: 'engati', numberId: number })).toMatchObject({
      status: 400,
      body: { fields: [{ field: 'numberId' }] },
    })
    expect(await make(mine.key, { name: 'bot', kind: 'engati', numberId: number })).toMatchObject({
      status: 201,
    })
  })
})

describe('sessions', () => {
  test('a right password opens one, which ends when signed out', async () => {
    const { username, password } = mine.admin
    const opened = await signIn({ username, password })
    expect(opened).toMatchObject({ status: 201, body: { user: { username, role: 'admin' } } })
    const token = String(opened.body['token'])
    expect(await workspace(token)).toMatchObject({
      status: 200,
      body: { actor: { kind: 'user', role: 'admin' } },
    })
    expect(await api.ask('DELETE', '/platform/v1/sessions/current', { token })).toMatchObject({ status: 204 })
    expect((await workspace(token)).status).toBe(401)
  })
  test('a wrong password and an unknown name look the same', async () => {
    const wrong = await signIn({ username: mine.user.username, password: 'wrong' })
    const unknown = await signIn({ username: 'nobody-here', password: 'wrong' })
    expect([wrong.status, unknown.status]).toEqual([401, 401])
    expect(wrong.body['detail']).toBe(unknown.body['detail'])
  })
  test('guessing is slowed down, and the right password does not help any more', async () => {
    const { username, password } = theirs.user
    const tries = await Promise.all(Array.from({ length: 12 }, () => signIn({ username, password: 'guess' })))
    expect(tries.filter(({ status }) => status === 401)).toHaveLength(10)
    const last = await signIn({ username, password })
    expect(last).toMatchObject({ status: 429, body: { code: 'rate_limited' } })
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(60)
  })
  test('an expired one opens nothing', async () => {
    await runSql(databaseUrl, `update sessions set expires_at = now() where user_id = $1`, [theirs.admin.id])
    expect((await workspace(theirs.admin.token)).status).toBe(401)
  })
  test('a role that was taken away is gone at once', async () => {
    const { token, id } = mine.user
    const list = () => api.ask('GET', '/platform/v1/api-keys', { token })
    await runSql(databaseUrl, `update users set role = 'admin' where id = $1`, [id])
    expect((await list()).status).toBe(200)
    await runSql(databaseUrl, `update users set role = 'user' where id = $1`, [id])
    expect((await list()).status).toBe(403)
  })
})

describe('the cookie', () => {
  test('is HttpOnly and Lax, reads, and writes from our own pages only', async () => {
    const { username, password } = mine.admin
    const own = { origin: api.url }
    const opened = await signIn({ username, password, cookie: true }, own)
    expect(opened).toMatchObject({ status: 201, body: { token: null } })
    const set = opened.headers.get('set-cookie') ?? ''
    expect(set).toMatch(/^dripline=drips_.*Path=\/;.*HttpOnly;.*SameSite=Lax/)
    const cookie = String(set.split(';')[0])
    expect((await workspace(undefined, { cookie })).status).toBe(200)
    const write = (headers: Record<string, string>) =>
      api.ask('POST', '/platform/v1/api-keys', { body: { name: 'x' }, headers: { cookie, ...headers } })
    expect(await write({ origin: 'https://evil.example' })).toMatchObject({ status: 403 })
    expect(await write({ origin: 'null' })).toMatchObject({ status: 403 })
    expect(await write({})).toMatchObject({ status: 403 })
    expect(await write({ 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403 })
    expect(await write(own)).toMatchObject({ status: 201 })
    const out = await api.ask('DELETE', '/platform/v1/sessions/current', { headers: { cookie, ...own } })
    expect(out.headers.get('set-cookie')).toMatch(/^dripline=;/)
    expect((await workspace(undefined, { cookie })).status).toBe(401)
  })
  test('another site cannot sign a browser in', async () => {
    const { username, password } = mine.admin
    const answer = await signIn({ username, password, cookie: true }, { origin: 'https://evil.example' })
    expect(answer).toMatchObject({ status: 403 })
  })
})

describe('passwords', () => {
  test('are argon2id PHC strings with a salt of their own', async () => {
    const [one, two] = await Promise.all([hashPassword('pass phrase'), hashPassword('pass phrase')])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    expect(one).not.toBe(two)
    expect(await verifyPassword('pass phrase', one)).toBe(true)
    expect(await verifyPassword('pass phrasé', one)).toBe(false)
    expect(await verifyPassword('pass phrase', undefined)).toBe(false)
  })
  test('the throttle forgets after a quarter of an hour', () => {
    let nowMs = 0
    const throttle = createLoginThrottle(() => nowMs)
    for (let at = 0; at < 10; at++) throttle.attempt('ann', '1.1.1.1')
    expect(() => throttle.attempt('ann', '1.1.1.1')).toThrow('too many')
    throttle.attempt('ann', '2.2.2.2')
    nowMs = 15 * 60_000
    throttle.attempt('ann', '1.1.1.1')
  })
})
