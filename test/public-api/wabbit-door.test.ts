import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { customer, openWabbit, type WabbitRig } from './wabbit-rig.ts'

let rig: WabbitRig
let provider: Server
let asked: string[] = []
const good = 'a-key-that-360dialog-knows'
const strange = 'a-key-for-somebody-elses-number'

beforeAll(async () => {
  provider = createServer((request, response) => {
    const key = String(request.headers['d360-api-key'])
    asked.push(`${request.method} ${request.url} ${key}`)
    const number = key === good ? '100000000000001' : key === strange ? '999999999999999' : undefined
    response.writeHead(number ? 200 : 401, { 'content-type': 'application/json' })
    const entities = [
      { entity_type: 'PHONE_NUMBER', id: number, can_send_message: 'AVAILABLE' },
      { entity_type: 'WABA', id: '200000000000001' },
    ]
    response.end(JSON.stringify(number ? { health_status: { entities } } : { meta: { success: false } }))
  })
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
  const D360_BASE_URL = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
  rig = await openWabbit({ D360_BASE_URL })
  await rig.say('Hello')
})
afterAll(async () => {
  await rig.close()
  await new Promise((resolve) => provider.close(resolve))
})
beforeEach(() => {
  asked = []
})

const nobody = { detail: 'Authentication credentials were not provided.' }
const send = (method: string, path: string, headers: Record<string, string> = {}, body?: unknown) =>
  rig.api.ask(method, path, { headers, ...(body !== undefined && { body }) })

describe('a token:', () => {
  const token = (body: unknown, headers = {}) => send('POST', '/api/v1/auth/token/', headers, body)

  test('is the same each time, has 40 hex digits, and a second call leaves the first good', async () => {
    const { username, password, token: known } = rig.members.ann
    const first = await token({ username, password })
    const second = await token(`username=${username}&password=${password}`, {
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect(first.body).toEqual({ token: expect.stringMatching(/^[0-9a-f]{40}$/) })
    expect([second.body, first.body]).toEqual([first.body, { token: known }])
    await rig.call(200, rig.members.ann, 'GET', '/users/current/')
  })
  test('wrong passwords and missing fields are told in the framework’s words', async () => {
    const { username } = rig.members.ann
    const wrong = await token({ username, password: 'not-hers' })
    expect([wrong.status, wrong.body]).toEqual([
      400,
      { non_field_errors: ['Unable to log in with provided credentials.'] },
    ])
    expect((await token({ username })).body).toEqual({ password: ['This field is required.'] })
    const broken = await token('{"username": ')
    expect(broken.body['detail']).toMatch(/^JSON parse error - /)
  })
  test('without a valid one there is one answer, whatever was sent', async () => {
    const attempts: Record<string, string>[] = [
      {},
      { authorization: 'Token 0123456789012345678901234567890123456789' },
      { authorization: `Bearer ${rig.members.ann.token}` },
      { cookie: 'sessionid=abcdefghijklmnopqrstuvwxyz012345' },
      { 'D360-Api-Key': 'a-key-that-nobody-knows' },
    ]
    for (const headers of attempts) {
      const answer = await send('GET', '/api/v1/users/current/', headers)
      expect([answer.status, answer.body]).toEqual([403, nobody])
      expect(answer.headers.get('www-authenticate')).toBeNull()
    }
  })
})

describe('the provider’s key:', () => {
  test('acts as the first-registered active admin, and is asked for once', async () => {
    const first = await send('GET', '/api/v1/users/current/', { 'D360-Api-Key': good })
    expect(first.body).toMatchObject({ profile: { role: 'admin' } })
    const [admin] = await rig.sql<{ number: string }>(
      "select min(number) as number from users where workspace_id = $1 and role = 'admin'",
      [rig.workspaceId],
    )
    expect(first.body['id']).toBe(Number(admin?.number))
    await send('GET', '/api/v1/chats/', { 'D360-Api-Key': good })
    expect(asked).toEqual([`GET /health_status ${good}`])
  })
  test('of somebody else’s number opens nothing', async () => {
    const answer = await send('GET', '/api/v1/chats/', { 'D360-Api-Key': strange })
    expect([answer.status, answer.body]).toEqual([403, nobody])
  })
  test('that is not valid falls through to the token', async () => {
    const { ann } = rig.members
    const headers = { 'D360-Api-Key': 'an-invalid-key', authorization: `Token ${ann.token}` }
    expect((await send('GET', '/api/v1/users/current/', headers)).body).toMatchObject({ id: ann.number })
  })
  test('goes to the next admin when the first has left', async () => {
    await rig.sql(
      `update users set deactivated_at = now() where id = (select id from users where workspace_id = $1 and role = 'admin'
         order by number limit 1)`,
      [rig.workspaceId],
    )
    const { body } = await send('GET', '/api/v1/users/current/', { 'D360-Api-Key': good })
    expect(body).toMatchObject({ id: rig.members.admin.number })
  })
})

describe('a session:', () => {
  const csrf = (headers: Headers) => /csrftoken=([^;]+)/.exec(headers.getSetCookie().join('; '))?.[1] ?? ''
  const logIn = (body: string, headers = {}) =>
    send('POST', '/login/', { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body)
  const form = () => {
    const { username, password } = rig.members.ben
    return `username=${username}&password=${password}`
  }

  test('the API’s root sets a token that scripts may read, and keeps the one that is there', async () => {
    const { headers, status } = await send('GET', '/api/v1/')
    expect(status).toBe(200)
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^csrftoken=[A-Za-z0-9]{64}; expires=.* GMT; Max-Age=31449600; Path=\/; SameSite=Lax$/,
      ),
    ])
    const again = await send('GET', '/api/v1/', { cookie: `csrftoken=${csrf(headers)}` })
    expect(csrf(again.headers)).toBe(csrf(headers))
  })
  test('begins at the form, with 302 and both cookies', async () => {
    const page = await send('GET', '/login/')
    expect(page.text).toContain('name="csrfmiddlewaretoken"')
    const { status, headers } = await logIn(form())
    expect([status, headers.get('location')]).toEqual([302, '/'])
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^csrftoken=[A-Za-z0-9]{64}; expires=.*; Max-Age=31449600; Path=\/; SameSite=Lax$/,
      ),
      expect.stringMatching(
        /^sessionid=[a-z0-9]{32}; expires=.*; HttpOnly; Max-Age=1209600; Path=\/; SameSite=Lax$/,
      ),
    ])
  })
  test('does not begin with a wrong password, from another site, or by a forged form', async () => {
    const wrong = await logIn(`username=${rig.members.ben.username}&password=wrong-it-is`)
    expect([wrong.status, wrong.headers.getSetCookie().join()]).toEqual([
      200,
      expect.not.stringContaining('sessionid'),
    ])
    expect((await logIn(form(), { origin: 'https://evil.test' })).status).toBe(403)
    expect((await logIn(form(), { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await logIn(`${form()}&csrfmiddlewaretoken=x`)).status).toBe(403)
    const led = await logIn(`${form()}&next=${encodeURIComponent('//evil.test/')}`)
    expect(led.headers.get('location')).toBe('/')
  })
  test('reads with its cookie; writes bring the token along, which is the session’s own', async () => {
    const { headers } = await logIn(form())
    const cookie = headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ')
    const token = csrf(headers)
    const current = await send('GET', '/api/v1/users/current/', { cookie })
    expect(current.body).toMatchObject({ id: rig.members.ben.number })
    const mark = { timestamp: 0, customer_wa_id: customer }
    const write = (more: Record<string, string>) =>
      send('POST', '/api/v1/mark_as_received/', { cookie, ...more }, mark)
    const refused = { detail: 'CSRF Failed: CSRF token missing or incorrect.' }
    expect([(await write({})).status, (await write({})).body]).toEqual([403, refused])
    const other = 'a'.repeat(64)
    expect((await write({ 'X-CSRFToken': other })).body).toEqual(refused)
    const forged = cookie.replace(token, other)
    expect((await write({ cookie: forged, 'X-CSRFToken': other })).body).toEqual(refused)
    expect((await write({ 'X-CSRFToken': token })).status).toBe(201)
  })
})

describe('bodies and paths:', () => {
  test('a missing final slash is no redirect, and unknown paths are told in JSON', async () => {
    const { ann } = rig.members
    for (const path of ['/users/current', '/users/current/', '/chats', `/chats/${customer}`])
      expect((await rig.ask(ann, 'GET', path)).status).toBe(200)
    const lost = await rig.ask(ann, 'GET', '/nothing/')
    expect([lost.status, lost.body]).toEqual([404, { detail: 'Not found.' }])
    const method = await rig.ask(ann, 'DELETE', '/chats/')
    expect([method.status, method.body]).toEqual([405, { detail: 'Method "DELETE" not allowed.' }])
  })
  test('JSON, urlencoded and multipart are the same', async () => {
    const headers = { authorization: `Token ${rig.members.ann.token}` }
    const url = `${rig.api.url}/api/v1/tags/`
    const multipart = new FormData()
    multipart.append('name', 'from multipart')
    const bodies: RequestInit[] = [
      { body: multipart },
      { body: new URLSearchParams({ name: 'from a form', web_inbox_color: 'red' }) },
      { body: JSON.stringify({ name: 'from JSON' }), headers: { 'content-type': 'application/json' } },
    ]
    for (const given of bodies) {
      const answer = await fetch(url, { method: 'POST', ...given, headers: { ...headers, ...given.headers } })
      expect(answer.status).toBe(201)
    }
    const { results } = await rig.call<{ results: { name: string; web_inbox_color: string | null }[] }>(
      ...[200, rig.members.ann, 'GET', '/tags/'],
    )
    expect(results.map(({ name, web_inbox_color }) => [name, web_inbox_color])).toEqual([
      ['from multipart', null],
      ['from a form', 'red'],
      ['from JSON', null],
    ])
    const refused = await rig.api.ask('POST', '/api/v1/tags/', {
      headers: { ...headers, 'content-type': 'text/plain' },
      body: 'name=x',
    })
    expect(refused.status).toBe(415)
  })
  test('wrong fields are named, in nested form', async () => {
    const { ann } = rig.members
    const wrong = async (path: string, body: unknown) => (await rig.ask(ann, 'POST', path, body)).body
    expect(await wrong('/tags/', { name: '' })).toEqual({ name: ['This field may not be blank.'] })
    expect(await wrong('/tags/', { name: 'x'.repeat(1_001) })).toEqual({
      name: ['Ensure this field has no more than 1000 characters.'],
    })
    expect(await wrong('/mark_as_received/', { timestamp: 'soon' })).toEqual({
      timestamp: ['A valid integer is required.'],
      customer_wa_id: ['This field is required.'],
    })
    expect(await wrong('/messages/', { wa_id: customer, text: {} })).toEqual({
      text: { body: ['This field is required.'] },
    })
    expect(await wrong('/messages/', { wa_id: customer })).toEqual({ type: ['This field is required.'] })
    expect(await wrong('/messages/', { wa_id: customer, type: 'dance' })).toEqual({
      type: ['"dance" is not a valid choice.'],
    })
  })
})
