import { z } from 'zod'
import { AppError } from '../../src/model/errors.ts'
import { identifyBoundKey } from '../../src/public-api/bound-key.ts'
import { dialectRoute } from '../../src/public-api/dialect-route.ts'
import { defineDialect } from '../../src/public-api/dialect.ts'
import { createApiKey } from '../../src/settings/api-keys.ts'
import { createNumber } from '../../src/settings/manage-numbers.ts'
import { openApi, openWorkspace, type ApiRig } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'

/** As unlike the first dialect as its successors are: Basic keys, an envelope, other codes, no prefix of its own. */
const other = defineDialect({
  name: 'other',
  title: 'Another API',
  description: 'A dialect of a test',
  prefix: '/v1/create',
  securitySchemes: { basic: { type: 'http', scheme: 'basic' } },
  authenticate: (deps, request) =>
    identifyBoundKey(deps, 'engati', request.get('authorization')?.replace(/^Basic /, '')),
  ok: {
    schema: (answer) => z.object({ responseObject: answer }),
    wrap: (answer) => ({ responseObject: answer }),
  },
  fail: {
    schema: z.object({ status: z.object({ code: z.string(), desc: z.string() }) }),
    body: ({ code, error }) => ({ status: { code, desc: error.message } }),
  },
  overrides: { not_found: { status: 400, code: '1002' }, conflict: { code: '1009' } },
  fields: { name: 'title' },
  routes: [
    dialectRoute({
      ...{ method: 'post', path: '/campaign/:id', summary: 'Create', tag: 'Campaigns', status: 201 },
      input: { params: z.object({ id: z.string() }), body: z.object({ title: z.string() }) },
      output: z.object({ campaignId: z.string(), number: z.string() }),
      call: async ({ numberId, params: { id }, body: { title } }) => {
        const fields = [{ field: 'name.0', message: 'is taken' }]
        if (title === 'taken') throw new AppError('conflict', 'taken', { fields })
        if (title === 'gone') throw new AppError('not_found', 'gone')
        return { id: `${id} ${title}`, numberId }
      },
      toWire: ({ id, numberId }) => ({ campaignId: id, number: numberId }),
    }),
  ],
})

let api: ApiRig
let key: string
let numberId: string
beforeAll(async () => {
  api = await openApi({ DATABASE_URL: (await freshDatabase()).url }, [], [other])
  const { workspaceId } = await openWorkspace(api, 'ours')
  const secrets = { accessToken: 'a-token-of-mine', appSecret: 'a-secret-of-mine', verifyToken: 'verify-me' }
  const number = await createNumber(api.deps, workspaceId, {
    ...{ phoneNumberId: '100000000000001', wabaId: '200000000000001', displayNumber: '1', portfolioId: '' },
    ...{ messagesPerSecond: 80, ...secrets },
  })
  numberId = number.id
  key = (await createApiKey(api.deps, { workspaceId, name: 'bot', kind: 'engati', numberId })).key
})
afterAll(() => api.close())

const post = (
  path: string,
  body: unknown,
  headers: Record<string, string> = { authorization: `Basic ${key}` },
) => api.ask('POST', path, { body, headers })

test('a success comes in the envelope, with the number of the key', async () => {
  expect(await post('/v1/create/campaign/7', { title: 'Sale' })).toMatchObject({
    status: 201,
    body: { responseObject: { campaignId: '7 Sale', number: numberId } },
  })
})

test('status and wire code are overridden by our code, and nothing else', async () => {
  expect(await post('/v1/create/campaign/7', { title: 'gone' })).toMatchObject({
    status: 400,
    body: { status: { code: '1002', desc: 'gone' } },
  })
  expect(await post('/v1/create/campaign/7', { title: 'taken' })).toMatchObject({
    status: 409,
    body: { status: { code: '1009', desc: 'title.0: is taken' } },
  })
})

test('what the dialect does not know is refused in its shape, and what is elsewhere in ours', async () => {
  expect(await post('/v1/create/nothing', {})).toMatchObject({
    status: 400,
    body: { status: { code: '1002' } },
  })
  const wrong = await api.ask('DELETE', '/v1/create/campaign/7')
  expect(wrong).toMatchObject({ status: 405, body: { status: { code: 'method_not_allowed' } } })
  expect(wrong.headers.get('allow')).toBe('POST, OPTIONS')
  expect(await post('/v1/elsewhere', {})).toMatchObject({ status: 404, body: { code: 'not_found' } })
  expect(await post('/v1/create/campaign/7', {}, {})).toMatchObject({
    status: 401,
    body: { status: { code: 'unauthenticated' } },
  })
})

test('a missing final slash is never a redirect', async () => {
  expect(await post('/v1/create/campaign/7/', { title: 'Sale' })).toMatchObject({ status: 201 })
})

test('its document describes the envelope, the errors and the credentials', async () => {
  const { body } = await api.ask('GET', '/openapi/other.json')
  expect(body).toMatchObject({
    info: { title: 'Another API' },
    components: { securitySchemes: { basic: { scheme: 'basic' } } },
    paths: {
      '/v1/create/campaign/{id}': {
        post: {
          operationId: 'postCampaignById',
          responses: {
            201: { content: { 'application/json': { schema: { required: ['responseObject'] } } } },
            400: { content: { 'application/json': { schema: { required: ['status'] } } } },
          },
        },
      },
    },
  })
})
