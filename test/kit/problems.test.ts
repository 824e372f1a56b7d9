import { z } from 'zod'
import { decodeCursor, page } from '../../src/kit/paging.ts'
import { defineRoute } from '../../src/kit/route.ts'
import { AppError } from '../../src/model/errors.ts'
import { openApi, openWorkspace, type ApiRig } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'

const base = { tag: 'Test', summary: 'test', auth: 'key' } as const
const routes = [
  defineRoute({
    ...base,
    method: 'post',
    path: '/platform/v1/things/:id',
    input: {
      params: z.object({ id: z.uuid() }),
      query: page.query,
      body: z.object({
        name: z.string().min(1),
        cards: z.record(z.string(), z.object({ settings: z.object({ body: z.string() }) })).default({}),
        how: z
          .discriminatedUnion('kind', [
            z.object({ kind: z.literal('a'), size: z.number() }),
            z.object({ kind: z.literal('b') }),
          ])
          .optional(),
        which: z.union([z.string(), z.object({ deep: z.object({ size: z.number() }) })]).optional(),
      }),
    },
    output: z.object({ name: z.string() }),
    handle: async ({ body, query }) => {
      decodeCursor(query.cursor, z.tuple([z.uuid()]))
      return { name: body.name }
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/fails/:how',
    input: { params: z.object({ how: z.string() }) },
    output: z.object({ a: z.string() }),
    handle: async ({ params: { how }, actor }) => {
      if (how === 'slow down') throw new AppError('rate_limited', 'too fast', { retryAfterMs: 1_500 })
      if (how === 'shape') return { b: 1 } as never
      if (how === 'extra') return { a: 'kept', secret: 'cut' } as { a: string }
      throw new Error(`password=hunter2 of ${actor.workspaceId}`)
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/fails/fixed',
    output: z.object({ a: z.literal('fixed') }),
    handle: async () => ({ a: 'fixed' as const }),
  }),
]

let api: ApiRig
let token: string
beforeAll(async () => {
  api = await openApi({ DATABASE_URL: (await freshDatabase()).url }, routes)
  token = (await openWorkspace(api, 'problems')).key
})
afterAll(() => api.close())

const path = '/platform/v1/things/01a1fce7-a14f-76f9-a1dd-316a45f5c1cf'
const post = (body: unknown, query = '', headers = {}) =>
  api.ask('POST', path + query, { token, body, headers })

test('a problem says what, where and under which request id', async () => {
  const answer = await post({ name: '' }, '', { 'x-request-id': 'mine-1' })
  expect(answer.status).toBe(400)
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  expect(answer.headers.get('x-request-id')).toBe('mine-1')
  expect(answer.body).toEqual({
    type: 'urn:dripline:problem:invalid_input',
    title: 'The request is not valid',
    status: 400,
    code: 'invalid_input',
    detail: expect.stringMatching(/^name: /),
    fields: [{ field: 'name', message: expect.any(String) }],
    requestId: 'mine-1',
  })
})

test.each([
  ['a field that is missing', {}, '', 'name'],
  ['a field that is not known', { name: 'x', nmae: 'x' }, '', 'nmae'],
  ['a query field that is not known', { name: 'x' }, '?limt=3', 'limt'],
  ['a limit out of range', { name: 'x' }, '?limit=201', 'limit'],
  ['a query field given twice', { name: 'x' }, '?limit=1&limit=2', 'limit'],
  [
    'a deep field',
    { name: 'x', cards: { greet: { settings: { body: 7 } } } },
    '',
    'cards.greet.settings.body',
  ],
  ['a field of a chosen kind', { name: 'x', how: { kind: 'a', size: 'x' } }, '', 'how.size'],
  ['an unknown kind', { name: 'x', how: { kind: 'c' } }, '', 'how.kind'],
  ['the nearest branch of a union', { name: 'x', which: { deep: { size: 'x' } } }, '', 'which.deep.size'],
  ['a body that is no object', [], '', ''],
])('%s is named', async (_, body, query, field) => {
  const answer = await post(body, query)
  expect(answer.status).toBe(400)
  expect(answer.body['fields']).toContainEqual({ field, message: expect.any(String) })
})

test('every wrong field is named at once, of path, query and body', async () => {
  const answer = await api.ask('POST', '/platform/v1/things/7?limit=0', { token, body: {} })
  expect((answer.body['fields'] as { field: string }[]).map(({ field }) => field)).toEqual([
    'id',
    'limit',
    'name',
  ])
})

test('bodies that are not usable have a problem of their own', async () => {
  expect(await post('{"name":')).toMatchObject({ status: 400, body: { code: 'invalid_input' } })
  expect(await post({ name: 'x'.repeat(1_100_000) })).toMatchObject({
    status: 413,
    body: { code: 'too_large' },
  })
  const form = await post('name=x', '', { 'content-type': 'application/x-www-form-urlencoded' })
  expect(form).toMatchObject({ status: 415, body: { code: 'unsupported_media' } })
  expect(await post(undefined)).toMatchObject({ status: 400, body: { fields: [{ field: 'name' }] } })
  expect(await api.ask('GET', '/platform/v1/%ff', { token })).toMatchObject({ status: 404 })
})

test('a cursor of another list is refused', async () => {
  const answer = await post({ name: 'x' }, '?cursor=abc')
  expect(answer).toMatchObject({
    status: 400,
    body: { code: 'invalid_cursor', fields: [{ field: 'cursor' }] },
  })
})

test('unknown paths and methods', async () => {
  expect(await api.ask('GET', '/platform/v1/nothing', { token })).toMatchObject({ status: 404 })
  const wrong = await api.ask('PATCH', path, { token, body: {} })
  expect(wrong).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } })
  expect(wrong.headers.get('allow')).toBe('POST, OPTIONS')
  const options = await api.ask('OPTIONS', '/platform/v1/numbers')
  expect(options).toMatchObject({ status: 204 })
  expect(options.headers.get('allow')).toBe('GET, POST, HEAD, OPTIONS')
})

test('what is ours to mend leaks nothing', async () => {
  for (const how of ['crash', 'shape']) {
    const answer = await api.ask('GET', `/platform/v1/fails/${how}`, { token })
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } })
    expect(answer.text).not.toMatch(/hunter2|Error:|\.ts/)
  }
  expect((await api.ask('GET', '/platform/v1/fails/extra', { token })).body).toEqual({ a: 'kept' })
})

test('an error with a wait says how long', async () => {
  const slow = await api.ask('GET', '/platform/v1/fails/slow%20down', { token })
  expect(slow).toMatchObject({ status: 429, body: { code: 'rate_limited' } })
  expect(slow.headers.get('retry-after')).toBe('2')
})

test('a NUL character, which PostgreSQL cannot store, is refused at the door; its escape as a text is not', async () => {
  const nul = { status: 400, body: { fields: [{ message: expect.stringMatching(/NUL/) }] } }
  expect(await post({ name: 'a\u0000b' })).toMatchObject(nul)
  expect(await post('{"name":"a\\\\\\u0000"}')).toMatchObject(nul)
  expect(await post({ name: 'a\\u0000b' })).toMatchObject({ status: 200, body: { name: 'a\\u0000b' } })
  expect(await api.ask('GET', '/platform/v1/fails/a%00b', { token })).toMatchObject(nul)
  expect(await post({ name: 'a' }, '?limit=1&search=%00')).toMatchObject({
    status: 400,
    body: { fields: [{ field: 'search' }] },
  })
})

test.each([
  ['{"name":"\\ud800"}', 'name', /surrogate/],
  ['{"name":"\\uDC00\\ud800"}', 'name', /surrogate/],
  ['{"a":[{"b":"x"},{"b":"\\u0000"}],"name":"x"}', 'a.1.b', /NUL/],
  ['{"a":{"\\ud800":1}}', 'a.\ufffd', /surrogate/],
])('%s names the field whose text cannot be stored', async (body, field, message) => {
  const fields = [{ field, message: expect.stringMatching(message) }]
  expect(await post(body)).toMatchObject({ status: 400, body: { fields } })
})

test('a pair of escapes is a character like any other', async () => {
  expect(await post('{"name":"\\ud83d\\ude00"}')).toMatchObject({ status: 200, body: { name: '😀' } })
})

test('a fixed path wins over a parameter, whichever was defined first', async () => {
  expect((await api.ask('GET', '/platform/v1/fails/fixed', { token })).body).toEqual({ a: 'fixed' })
})

test('pages are sent with a policy that lets nothing foreign in', async () => {
  const { headers } = await api.ask('GET', '/healthz')
  expect(headers.get('content-security-policy')).toMatch(/script-src 'self';/)
  expect(headers.get('x-powered-by')).toBeNull()
  expect(headers.get('strict-transport-security')).toBeNull()
})
