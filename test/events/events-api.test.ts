import { openApi, openWorkspace, type ApiRig } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'
import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { routes as eventRoutes } from '../../src/events/routes.ts'
import { forgetEvents } from '../../src/events/forget-events.ts'
import { routes as journeyRoutes } from '../../src/journeys/routes.ts'
import { createNumber } from '../../src/settings/manage-numbers.ts'

let api: ApiRig
let token: string
let workspaceId: string

beforeAll(async () => {
  const routes = [...contactRoutes, ...eventRoutes, ...journeyRoutes]
  api = await openApi({ DATABASE_URL: (await freshDatabase()).url }, routes)
  const workspace = await openWorkspace(api, 'events')
  token = workspace.key
  workspaceId = workspace.workspaceId
})
afterAll(() => api.close())

type Body = Record<string, unknown>
interface Item {
  id: string
  type: string
  attributes: Body
  at: string
}
const ask = (method: string, path: string, body?: unknown) =>
  api.ask(method, `/platform/v1${path}`, { token, ...(body !== undefined && { body }) })
async function declare(name: string, attributes: Body = {}): Promise<string> {
  const answer = await ask('POST', '/event-types', { name, attributes })
  expect(answer).toMatchObject({ status: 201 })
  return String(answer.body['id'])
}
async function tell(type: string, waId: string, attributes: Body = {}, more: Body = {}) {
  const answer = await ask('POST', '/events', { type, waId, attributes, ...more })
  expect(answer).toMatchObject({ status: 201 })
  return answer.body as { id: string; contactId: string; duplicate: boolean; reached: number }
}
const items = (answer: { body: Body }) => answer.body['items'] as Item[]

describe('event types', () => {
  test('grow, and declared attributes keep their types', async () => {
    const id = await declare('bought', { amount: 'float' })
    expect(await ask('PATCH', `/event-types/${id}`, { attributes: { sku: 'string' } })).toMatchObject({
      status: 200,
      body: { attributes: { amount: 'float', sku: 'string' } },
    })
    expect(await ask('PATCH', `/event-types/${id}`, { attributes: { amount: 'string' } })).toMatchObject({
      status: 409,
      body: { fields: [{ field: 'attributes.amount', message: 'is float already, and stays it' }] },
    })
  })
  test("the product's own names are taken, order_placed is shared", async () => {
    expect(await ask('POST', '/event-types', { name: 'tag_added' })).toMatchObject({
      status: 409,
      body: { fields: [{ field: 'name' }] },
    })
    await declare('order_placed', { total: 'float' })
  })
  test('one that a journey names is not deleted, and says which', async () => {
    const id = await declare('in_use')
    const number = await createNumber(api.deps, workspaceId, {
      phoneNumberId: '99887766',
      wabaId: '1',
      displayNumber: '15550002222',
      accessToken: 'token',
      appSecret: 'secret',
      verifyToken: 'verify',
      portfolioId: '',
      messagesPerSecond: 80,
    })
    const draft = {
      start: 'end',
      entry: { reentry: 'always' },
      triggers: [{ type: 'custom-event', event: 'in_use' }],
      cards: { end: { type: 'end-conversation', settings: {}, next: {} } },
    }
    const journey = await ask('POST', '/journeys', {
      name: 'Uses it',
      numberId: number.id,
      draft,
    })
    expect(journey).toMatchObject({ status: 201 })
    expect(await ask('DELETE', `/event-types/${id}`)).toMatchObject({
      status: 409,
      body: { details: { uses: [{ kind: 'journey', name: 'Uses it' }] } },
    })
    const unused = await declare('unused')
    expect(await ask('DELETE', `/event-types/${unused}`)).toMatchObject({ status: 204 })
    expect(await ask('POST', '/events', { type: 'unused', waId: '491700000001' })).toMatchObject({
      status: 422,
    })
  })
})

describe('events of contacts', () => {
  test('are listed newest first, page by page, filtered by type, kind and time', async () => {
    await declare('visited', { page: 'string' })
    const waId = '491711111111'
    let contactId = ''
    for (let day = 1; day <= 5; day += 1) {
      const told = await tell('visited', waId, { page: `p${day}` }, { at: `2026-11-0${day}T10:00:00Z` })
      contactId = told.contactId
    }
    const first = await ask('GET', `/contacts/${contactId}/events?type=visited&limit=2`)
    expect(items(first).map(({ attributes }) => attributes['page'])).toEqual(['p5', 'p4'])
    const second = await ask(
      'GET',
      `/contacts/${contactId}/events?type=visited&limit=3&cursor=${String(first.body['nextCursor'])}`,
    )
    expect(items(second).map(({ attributes }) => attributes['page'])).toEqual(['p3', 'p2', 'p1'])
    expect(second.body['nextCursor']).toBeNull()
    const window = await ask(
      'GET',
      `/contacts/${contactId}/events?kind=custom&from=2026-11-02T00:00:00Z&to=2026-11-04T00:00:00Z`,
    )
    expect(items(window).map(({ attributes }) => attributes['page'])).toEqual(['p3', 'p2'])
    const summary = await ask('GET', `/contacts/${contactId}/event-summary?kind=custom`)
    expect(items(summary)).toEqual([
      {
        type: 'visited',
        count: 5,
        firstAt: '2026-11-01T10:00:00.000Z',
        lastAt: '2026-11-05T10:00:00.000Z',
        attributes: { page: 'p5' },
      },
    ])
    const all = await ask('GET', '/events?type=visited')
    expect(items(all)).toHaveLength(5)
    expect(await ask('GET', `/events/${items(all)[0]?.id}`)).toMatchObject({ body: { type: 'visited' } })
  })
  test('of somebody who is not there are not an empty list', async () => {
    for (const path of ['events', 'event-summary'])
      expect(await ask('GET', `/contacts/${workspaceId}/${path}`)).toMatchObject({ status: 404 })
  })
  test('a wrong filter is named', async () => {
    expect(await ask('GET', '/events?from=yesterday')).toMatchObject({
      status: 400,
      body: { fields: [{ field: 'from' }] },
    })
    expect(await ask('GET', '/events?cursor=bad')).toMatchObject({ body: { code: 'invalid_cursor' } })
  })
  test('messages tell theirs without rows of their own', async () => {
    const { contactId } = await tell('visited', '491722222222', { page: 'home' })
    const em = api.deps.orm.em.fork()
    const [number] = await em.execute<{ id: string }[]>(
      'select id from phone_numbers where workspace_id = ?',
      [workspaceId],
    )
    await em.execute(
      `with c as (insert into conversations (id, workspace_id, number_id, contact_id)
         values (gen_random_uuid(), ?, ?, ?) returning *)
       insert into messages (id, workspace_id, conversation_id, number_id, contact_id, direction, type, content, text, fact_id,
         state, sent_at, delivered_at, read_at)
       select gen_random_uuid(), workspace_id, id, number_id, contact_id, 'out', 'text', '{}', 'hi', gen_random_uuid(),
         'accepted', now() - interval '3 min', now() - interval '2 min', now() - interval '1 min' from c`,
      [workspaceId, number?.id ?? '', contactId],
    )
    const listed = await ask('GET', `/contacts/${contactId}/events?kind=system`)
    expect(items(listed).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['message_read', 'message_delivered', 'message_sent']),
    )
  })
})

test('an event has happened: not in the future, nor before there were computers to tell of it', async () => {
  await declare('timed')
  for (const at of [new Date(Date.now() + 3_600_000).toISOString(), '0001-01-01T00:00:00Z']) {
    expect(await ask('POST', '/events', { type: 'timed', waId: '491744444444', at })).toMatchObject({
      status: 400,
      body: { fields: [{ field: 'at' }] },
    })
  }
  expect(await ask('GET', '/contacts?search=491744444444')).toMatchObject({ body: { items: [] } })
})

test("names of the language's own are no event types", async () => {
  for (const name of ['__proto__', 'constructor'])
    expect(await ask('POST', '/event-types', { name })).toMatchObject({ status: 409 })
})

test('events past their retention are removed, the others stay', async () => {
  await declare('old_news')
  const old = await tell('old_news', '491733333333', {}, { at: '2026-01-05T00:00:00Z' })
  const recent = await tell('old_news', '491733333333', {}, { at: new Date().toISOString() })
  await forgetEvents(api.deps)
  expect(await ask('GET', `/events/${old.id}`)).toMatchObject({ status: 200 })
  expect(await ask('PUT', '/event-settings', { retentionDays: 0 })).toMatchObject({
    status: 400,
    body: { fields: [{ field: 'retentionDays' }] },
  })
  expect(await ask('PUT', '/event-settings', { retentionDays: 30 })).toMatchObject({ status: 200 })
  await forgetEvents(api.deps)
  expect(await ask('GET', `/events/${old.id}`)).toMatchObject({ status: 404 })
  expect(await ask('GET', `/events/${recent.id}`)).toMatchObject({ status: 200 })
  expect(await ask('GET', '/event-settings')).toMatchObject({ body: { retentionDays: 30 } })
})

test('the list of system events names types and attributes', async () => {
  const listed = await ask('GET', '/system-events')
  expect(listed.body['items']).toEqual(
    expect.arrayContaining([expect.objectContaining({ name: 'segment_entered' })]),
  )
})
