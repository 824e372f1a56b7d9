import { describeApi } from '../../src/kit/openapi.ts'
import {
  toPostman,
  type OpenApi,
  type PostmanCollection,
  type PostmanRequest,
} from '../../src/kit/postman.ts'
import { platformRoutes } from '../../src/server.ts'
import { openApi, openWorkspace, type ApiRig } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'
import { quietTemporal } from '../support/quiet-temporal.ts'
import { testNamespace } from '../support/temporal.ts'

quietTemporal()
let api: ApiRig
let token: string

beforeAll(async () => {
  const [{ url }, temporal] = await Promise.all([freshDatabase(), testNamespace()])
  const places = { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace }
  // Nobody listens there: what needs WhatsApp says so.
  api = await openApi(
    { DATABASE_URL: url, WHATSAPP_BASE_URL: 'http://127.0.0.1:9', ...places },
    platformRoutes,
  )
  token = (await openWorkspace(api, 'ours')).key
})
afterAll(() => api.close())

const collection = async (method: string, path: string, body?: object, status = 200) => {
  const asking = { token, ...(body && { body }) }
  const answer = await api.ask(method, `/platform/v1/postman-collection${path}`, asking)
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status })
  return answer.body as unknown as PostmanCollection
}
const requestsOf = ({ item }: PostmanCollection) => item.flatMap((folder) => folder.item)

test('every operation of the document is a request in the folder of its tag', async () => {
  const document = describeApi(platformRoutes) as OpenApi
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.keys(item ?? {}).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  )
  const made = toPostman(document, { baseUrl: 'https://drip.example/' })
  const requests = requestsOf(made).map(({ request }) => `${request.method} /${request.url.path.join('/')}`)
  expect(requests.toSorted()).toEqual(operations.toSorted())
  expect(made.info.schema).toBe('https://schema.getpostman.com/json/collection/v2.1.0/collection.json')
  expect(made.auth).toEqual({
    type: 'bearer',
    bearer: [{ key: 'token', value: '{{apiKey}}', type: 'string' }],
  })
  expect(made.variable).toEqual([
    { key: 'baseUrl', value: 'https://drip.example', type: 'string' },
    { key: 'apiKey', value: '', type: 'secret' },
  ])
  expect(made.item.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Contacts', 'Journeys', 'Products']),
  )
})

test('a request has its path variables, its query to tick, its body and no secret', async () => {
  const requests = requestsOf(await collection('GET', '?withKey=true'))
  const find = (method: string, path: string) =>
    requests.find(({ request }) => request.method === method && request.url.path.join('/') === path)?.request
  expect(find('PATCH', 'platform/v1/products/:id')).toMatchObject({
    url: {
      raw: '{{baseUrl}}/platform/v1/products/:id',
      host: ['{{baseUrl}}'],
      variable: [{ key: 'id', value: expect.stringMatching(/^[\da-f-]{36}$/) as string }],
    },
    header: [{ key: 'Content-Type', value: 'application/json' }],
    body: { mode: 'raw', options: { raw: { language: 'json' } } },
  })
  expect(find('GET', 'platform/v1/products')?.url.query).toContainEqual(
    expect.objectContaining({ key: 'search', disabled: true }),
  )
  expect(find('POST', 'platform/v1/catalogs/:id/import')?.body).toMatchObject({ mode: 'file' })
  expect(JSON.stringify(requests)).not.toContain(token)
})

test('the key stands in the collection only when it is asked for', async () => {
  const keyOf = ({ variable }: PostmanCollection) => variable.find(({ key }) => key === 'apiKey')?.value
  expect(keyOf(await collection('GET', ''))).toBe('')
  expect(keyOf(await collection('GET', '?api=platform&withKey=true'))).toBe(token)
  expect(keyOf(await collection('POST', '', { api: 'platform', key: 'secret-of-another' }))).toBe(
    'secret-of-another',
  )
  expect(await collection('GET', '?api=nobody', undefined, 400)).toMatchObject({ fields: [{ field: 'api' }] })
  expect((await api.ask('GET', '/platform/v1/postman-collection')).status).toBe(401)
})

test('every request of the collection reaches its operation, and none breaks it', async () => {
  const made = await collection('GET', '?withKey=true')
  const values = Object.fromEntries(made.variable.map(({ key, value }) => [key, value]))
  const answers: { name: string; status: number; detail: string }[] = []
  for (const { name, request } of requestsOf(made)) {
    const response = await run(request, values)
    const text = await response.text()
    const { detail = '' } = response.headers.get('content-type')?.includes('problem')
      ? (JSON.parse(text) as { detail: string })
      : {}
    answers.push({ name: `${request.method} ${name}`, status: response.status, detail })
  }
  const lost = answers.filter(({ status, detail }) => {
    return status === 405 || status === 500 || (status === 404 && detail.startsWith('there is nothing at'))
  })
  expect(lost).toEqual([])
  const wellFormed = answers.filter(({ status }) => status !== 400)
  expect(wellFormed.length / answers.length).toBeGreaterThan(0.8)
}, 120_000)

/** As Postman sends it. */
async function run(request: PostmanRequest, values: Record<string, string>): Promise<Response> {
  const fill = (text: string) => text.replace(/\{\{(\w+)\}\}/g, (_all, name: string) => values[name] ?? '')
  const ids = new Map(request.url.variable?.map(({ key, value }) => [`:${key}`, encodeURIComponent(value)]))
  const path = request.url.path.map((part) => ids.get(part) ?? part).join('/')
  const query = request.url.query
    ?.filter(({ disabled }) => !disabled)
    .map(({ key, value }): [string, string] => [key, value])
  const headers = request.header.filter(({ disabled }) => !disabled).map(({ key, value }) => [key, value])
  const body = request.body as { mode: string; raw?: string } | undefined
  return fetch(`${fill('{{baseUrl}}')}/${path}?${new URLSearchParams(query)}`, {
    method: request.method,
    headers: {
      ...(request.auth ? {} : { authorization: `Bearer ${fill('{{apiKey}}')}` }),
      ...Object.fromEntries(headers),
    },
    ...(body && { body: body.raw ?? 'id,title,price\n' }),
  })
}
