import { integrations } from '../../../integrations/index.ts'
import { createHttp } from '../../../integrations/kit.ts'
import { openFakeApi, type FakeReply, type FakeRequest } from '../../support/fake-api.ts'

let reply: (request: FakeRequest) => FakeReply
const open = () => openFakeApi((request) => reply(request))
let api: Awaited<ReturnType<typeof open>>
beforeAll(async () => {
  api = await open()
})
beforeEach(() => {
  api.requests.length = 0
  reply = () => ({ json: { ok: true } })
})
afterAll(() => api.close())

const action = integrations['http']?.actions['request']
async function call(input: object, auth?: object, allow = ['127.0.0.1', 'localhost']) {
  if (!action) throw new Error('there is no such action')
  const parsed = action.input.parse({ method: 'GET', url: `${api.url}/x`, ...input })
  const call = {
    auth: auth && integrations['http']?.auth.parse(auth),
    input: parsed,
    http: createHttp(allow),
  }
  return (await action.run({ ...call, key: 'key-1' })).output as Record<string, unknown>
}

describe('a request', () => {
  test('sends what it is given and picks out of the answer', async () => {
    reply = () => ({ status: 201, headers: { etag: 'v1' }, json: { data: [{ id: 7 }], name: 'A\u0000B' } })
    const input = {
      method: 'POST',
      headers: { 'X-Trace': 'abc' },
      body: { type: 'json', json: { a: 1 } },
      pick: ['status', 'headers.etag', 'body.data.0.id', 'body.name', 'body.none'],
    }
    expect(await call(input)).toMatchObject({
      status: 201,
      picked: {
        status: 201,
        'headers.etag': 'v1',
        'body.data.0.id': 7,
        'body.name': 'AB',
        'body.none': null,
      },
      error: null,
    })
    expect(api.requests).toEqual([
      expect.objectContaining({
        ...{ method: 'POST', path: '/x', body: '{"a":1}' },
        headers: expect.objectContaining({
          ...{ 'x-trace': 'abc', 'content-type': 'application/json', 'idempotency-key': 'key-1' },
        }) as object,
      }),
    ])
  })

  test.each([
    [{ type: 'form', fields: { a: 'x y', b: '&' } }, 'a=x+y&b=%26', 'application/x-www-form-urlencoded'],
    [{ type: 'text', text: '<a/>', contentType: 'application/xml' }, '<a/>', 'application/xml'],
  ])('a body of the kind %j', async (body, sent, type) => {
    await call({ method: 'PUT', body })
    expect(api.requests[0]).toMatchObject({ body: sent, headers: { 'content-type': type } })
  })

  test('any status is an answer, with what it asks to wait', async () => {
    reply = () => ({ status: 503, headers: { 'retry-after': '7' }, text: 'busy' })
    expect(await call({ pick: ['body'] })).toEqual({
      ...{ status: 503, picked: { body: 'busy' }, error: null, retryAfterMs: 7_000 },
    })
  })

  test('no answer in time, or none at all, is told with whether it may have been acted on', async () => {
    reply = () => ({ silent: true })
    expect(await call({ timeoutMs: 1_000 })).toMatchObject({ status: null, error: { sent: true } })
    const gone = await open()
    await gone.close()
    expect(await call({ url: gone.url })).toMatchObject({ status: null, error: { sent: false } })
  })

  test('what is too large is no answer, or is not kept', async () => {
    reply = () => ({ text: 'x'.repeat(1_100_000) })
    expect(await call({})).toMatchObject({ status: null })
    reply = () => ({ json: { a: 'x'.repeat(20_000) } })
    await expect(call({ pick: ['body.a'] })).rejects.toMatchObject({ code: 'too_large' })
    reply = () => ({ text: '['.repeat(400_000) + ']'.repeat(400_000) })
    expect(await call({ pick: ['body'] })).toMatchObject({ status: 200 })
  })

  test.each([
    [{ headers: { 'x-a': 'a\r\nx-b: c' } }, 'headers'],
    [{ url: 'ftp://example.com/' }, 'url'],
    [{ method: 'TRACE' }, 'method'],
  ])('%j is refused', async (input, field) => {
    await expect(call(input)).rejects.toMatchObject({
      issues: [{ path: expect.arrayContaining([field]) as unknown }],
    })
  })
})

describe('signing in', () => {
  test.each([
    [{ type: 'bearer', token: 't0ken' }, { authorization: 'Bearer t0ken' }],
    [{ type: 'basic', username: 'ann', password: 'p:w' }, { authorization: 'Basic YW5uOnA6dw==' }],
    [{ type: 'header', header: 'X-Key', value: 'k' }, { 'x-key': 'k' }],
  ])('%j', async (auth, headers) => {
    await call({}, { ...auth, origin: `${api.url}/somewhere` })
    expect(api.requests[0]?.headers).toMatchObject(headers)
  })

  test('by a parameter', async () => {
    await call({ url: `${api.url}/x?a=1` }, { type: 'query', parameter: 'key', value: 'k&', origin: api.url })
    expect(api.requests[0]?.path).toBe('/x?a=1&key=k%26')
  })

  test('credentials go to their system only', async () => {
    const other = await open()
    const auth = { type: 'bearer', token: 't0ken', origin: api.url }
    await expect(call({ url: other.url }, auth)).rejects.toMatchObject({ code: 'forbidden' })
    reply = ({ path }) => (path === '/x' ? { status: 302, headers: { location: `${other.url}/y` } } : {})
    expect(await call({ headers: { cookie: 'c' } }, auth)).toMatchObject({ status: 200 })
    expect(other.requests).toHaveLength(1)
    expect(other.requests[0]?.headers).not.toHaveProperty('authorization')
    expect(other.requests[0]?.headers).not.toHaveProperty('cookie')
    await other.close()
  })
})

describe('redirects', () => {
  test('are followed for what only reads, a few times', async () => {
    reply = ({ path }) =>
      path === '/z' ? { json: { at: path } } : { status: 301, headers: { location: '/z' } }
    expect(await call({ pick: ['body.at'] })).toMatchObject({ status: 200, picked: { 'body.at': '/z' } })
    reply = () => ({ status: 302, headers: { location: '/again' } })
    await expect(call({})).rejects.toMatchObject({ code: 'app_refused' })
    expect(api.requests).toHaveLength(2 + 4)
    await expect(call({ method: 'POST' })).rejects.toMatchObject({ code: 'app_refused' })
  })

  test('lead to nothing that may not be reached', async () => {
    const inside = await open()
    reply = () => ({ status: 302, headers: { location: inside.url } })
    await expect(call({}, undefined, [`127.0.0.1:${api.port}`])).rejects.toMatchObject({
      code: 'blocked_address',
    })
    reply = () => ({ status: 302, headers: { location: 'file:///etc/passwd' } })
    await expect(call({})).rejects.toMatchObject({ code: 'app_refused' })
    expect(inside.requests).toEqual([])
    await inside.close()
  })
})

describe('what is not on the internet is not reached', () => {
  test.each([
    'http://127.0.0.1:PORT/',
    'http://localhost:PORT/',
    'http://LocalHost:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f.1:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://127.1:PORT/',
    'http://0.0.0.0:PORT/',
    'http://[::1]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::ffff:7f00:1]:PORT/',
    'http://[64:ff9b::7f00:1]:PORT/',
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://100.100.100.200/',
    'http://[fd00::1]/',
    'http://[fe80::1]/',
    'https://127.0.0.1:PORT/',
  ])('%s', async (url) => {
    await expect(call({ url: url.replace('PORT', String(api.port)) }, undefined, [])).rejects.toMatchObject({
      code: 'blocked_address',
    })
    expect(api.requests).toEqual([])
  })

  test.each([
    [['127.0.0.1'], true],
    [['127.0.0.0/8'], true],
    [['127.0.0.1:PORT'], true],
    [['127.0.0.1:1'], false],
    [['10.0.0.0/8', 'crm.local'], false],
  ])('unless it is allowed by %j: %s', async (allow, isAllowed) => {
    const entries = allow.map((entry) => entry.replace('PORT', String(api.port)))
    const outcome = await call({}, undefined, entries).catch((error: { code: string }) => error.code)
    expect(outcome).toEqual(isAllowed ? expect.objectContaining({ status: 200 }) : 'blocked_address')
  })

  test('a name may be allowed whatever it turns into', async () => {
    const url = `http://localhost:${api.port}/`
    expect(await call({ url }, undefined, ['localhost'])).toMatchObject({ status: 200 })
    expect(await call({ url }, undefined, [`localhost:${api.port}`])).toMatchObject({ status: 200 })
  })
})
