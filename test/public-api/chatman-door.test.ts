import { openChatman, type ChatmanRig } from './chatman-rig.ts'

let rig: ChatmanRig
beforeAll(async () => {
  rig = await openChatman()
})
afterAll(() => rig.close())

const path = '/v1/public-apis/contacts'
const ask = (headers: Record<string, string>, at = path, method = 'GET', body?: unknown) =>
  rig.api.ask(method, at, { headers, ...(body !== undefined && { body }) })
const refusal = (code: string) => ({ error: { code, message: expect.any(String), field: null, fields: [] } })

test('the key comes as a bearer token or as x-api-key', async () => {
  const { key } = rig.numbers[0]
  expect(await ask({ authorization: `Bearer ${key}` })).toMatchObject({ status: 200, body: { data: [] } })
  expect(await ask({ 'x-api-key': key })).toMatchObject({ status: 200, body: { data: [] } })
})

test('no key, a wrong one and a revoked one are 401; a key of another kind is 403 and says what to make', async () => {
  expect(await ask({})).toMatchObject({ status: 401, body: refusal('unauthenticated') })
  expect(await ask({ 'x-api-key': 'nonsense' })).toMatchObject({
    status: 401,
    body: refusal('unauthenticated'),
  })
  expect(await ask({ authorization: `Bearer ${rig.workspace.user.token}` })).toMatchObject({ status: 401 })
  const other = await ask({ 'x-api-key': rig.workspace.key })
  expect(other).toMatchObject({ status: 403, body: refusal('forbidden') })
  expect(other.text).toContain('kind \\"chatman\\"')
  const body = { name: 'short-lived', kind: 'chatman', numberId: rig.numbers[1].id }
  const { id, key } = await rig.platform<{ id: string; key: string }>(201, 'POST', '/api-keys', body)
  expect(await ask({ 'x-api-key': key })).toMatchObject({ status: 200 })
  await rig.platform(200, 'DELETE', `/api-keys/${id}`)
  expect(await ask({ 'x-api-key': key })).toMatchObject({ status: 401, body: refusal('unauthenticated') })
})

test('a Chatman key is bound to a number, and opens no other door', async () => {
  expect(await rig.platform(400, 'POST', '/api-keys', { name: 'x', kind: 'chatman' })).toMatchObject({
    fields: [{ field: 'numberId' }],
  })
  const asked = { token: rig.numbers[0].key }
  expect(await rig.api.ask('GET', '/platform/v1/contacts', asked)).toMatchObject({ status: 401 })
})

test('unknown paths and methods are refused in the same shape', async () => {
  const headers = { 'x-api-key': rig.numbers[0].key }
  const unknown = await ask(headers, '/v1/public-apis/nothing')
  expect(unknown).toMatchObject({ status: 404, body: refusal('not_found') })
  expect(unknown.text).toContain('GET /v1/public-apis/nothing')
  const wrong = await ask(headers, path, 'DELETE')
  expect(wrong).toMatchObject({ status: 405, body: refusal('method_not_allowed') })
  expect(wrong.headers.get('allow')).toBe('GET, POST, HEAD, OPTIONS')
})

test('what is no JSON, too much of it, or holds NUL is refused in the same shape', async () => {
  const headers = { 'x-api-key': rig.numbers[0].key }
  const post = (body: unknown, more = {}) => ask({ ...headers, ...more }, path, 'POST', body)
  expect(await post('{"a":')).toMatchObject({ status: 400, body: { error: { code: 'invalid_input' } } })
  expect(await post('{"a":"\\u0000"}')).toMatchObject({
    status: 400,
    body: { error: { code: 'invalid_input' } },
  })
  expect(await post({ a: 'x'.repeat(1_100_000) })).toMatchObject({ status: 413, body: refusal('too_large') })
  const form = await post('a=1', { 'content-type': 'application/x-www-form-urlencoded' })
  expect(form).toMatchObject({ status: 415, body: refusal('unsupported_media') })
})

test('fields that nobody knows are passed over, and named', async () => {
  const headers = { 'x-api-key': rig.numbers[0].key }
  const body = {
    ...{ phone_number: '9876512345', country_code: '91', brand: 'x', 'naïve\n': 1 },
    system_attributes: { first_name: 'A', email: 'a@example.com' },
  }
  const answer = await ask(headers, `${path}?colour=red`, 'POST', body)
  expect(answer.status).toBe(201)
  expect(answer.headers.get('ignored-fields')).toBe('colour, brand, na%C3%AFve%0A')
})

test('a POST with an Idempotency-Key is done once', async () => {
  const headers = { 'x-api-key': rig.numbers[0].key, 'idempotency-key': 'once-1' }
  const post = (name: string) => ask(headers, '/v1/public-apis/segments', 'POST', { segment_name: name })
  const first = await post('Once')
  const again = await post('Once')
  expect([first.status, again.status, again.body]).toEqual([201, 201, first.body])
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect(await post('Twice')).toMatchObject({ status: 422, body: refusal('idempotency_mismatch') })
})

test('its document and its Postman collection are there, the latter with the key filled in', async () => {
  const document = await rig.api.ask('GET', '/openapi/chatman.json')
  expect(document.body).toMatchObject({ openapi: '3.1.0', info: { title: 'Chatman public API' } })
  const { key } = rig.numbers[0]
  const collection = await rig.platform<{ variable: object[]; item: { item: { name: string }[] }[] }>(
    ...([200, 'POST', '/postman-collection', { api: 'chatman', key }] as const),
  )
  expect(collection.variable).toContainEqual({ key: 'apiKey', value: key, type: 'secret' })
  const names = collection.item.flatMap(({ item }) => item.map(({ name }) => name))
  expect(names).toEqual(
    expect.arrayContaining(['Get Contacts List', 'Create Segment', 'Trigger Custom Event']),
  )
  expect(names).toHaveLength(30)
  const text = (await rig.api.ask('GET', '/docs/swagger-initializer.js')).text
  expect(text).toContain("'/openapi/' + api")
})
