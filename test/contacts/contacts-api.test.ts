import { routes as analyticsRoutes } from '../../src/analytics/routes.ts'
import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { routes as eventRoutes } from '../../src/events/routes.ts'
import { routes as conversationRoutes } from '../../src/conversations/routes.ts'
import { routes as inboxRoutes } from '../../src/inbox/routes.ts'
import { routes as journeyRoutes } from '../../src/journeys/routes.ts'
import { routes as simulationRoutes } from '../../src/simulation/routes.ts'
import { newId } from '../../src/db/columns.ts'
import { openWorkspaceApi, type Page, type WorkspaceApi } from '../support/workspace-api.ts'

let rig: WorkspaceApi

beforeAll(async () => {
  const routes = [
    ...contactRoutes,
    ...eventRoutes,
    ...conversationRoutes,
    ...inboxRoutes,
    ...journeyRoutes,
    ...simulationRoutes,
    ...analyticsRoutes,
  ]
  rig = await openWorkspaceApi(routes)
  for (const [name, type] of Object.entries({ plan: 'json', a: 'integer', b: 'list' }))
    await ask(201, 'POST', '/attributes', { name, type })
})
afterAll(() => rig.close())

const ask: WorkspaceApi['ask'] = (...asked) => rig.ask(...asked)
interface Contact {
  id: string
  created: boolean
  attributes: object
  tags: string[]
  identities: { kind: string; value: string }[]
}
const facts = (contactId: string) =>
  rig.rows('select kind, data from facts where contact_id = $1 order by at, id', [contactId])

test('a contact is made once for its identities, and later requests add to it', async () => {
  const made = await ask<Contact>(201, 'POST', '/contacts', {
    waId: '+49 (170) 555-0001',
    firstName: 'Ann',
    timeZone: 'Europe/Berlin',
    city: 'Rome',
    attributes: { plan: { name: 'gold' } },
    tags: ['vip', 'vip'],
  })
  expect(made).toMatchObject({
    created: true,
    firstName: 'Ann',
    city: 'Rome',
    attributes: { plan: { name: 'gold' } },
    tags: ['vip'],
    identities: [{ kind: 'wa_id', value: '491705550001', source: 'api', validTo: null }],
  })
  const same = await ask<Contact>(201, 'POST', '/contacts', {
    waId: '491705550001',
    bsuid: 'DE.123abc',
    portfolioId: 'p1',
    externalId: 'crm-7',
    attributes: { city: 'Paris' },
  })
  expect(same).toMatchObject({
    id: made.id,
    created: false,
    city: 'Paris',
    attributes: { plan: { name: 'gold' } },
    tags: ['vip'],
  })
  expect(same.identities.map(({ kind }) => kind).sort((a, b) => a.localeCompare(b))).toEqual([
    'bsuid',
    'external',
    'wa_id',
  ])
  expect(await ask(201, 'POST', '/contacts', { externalId: 'crm-7' })).toMatchObject({ id: made.id })
  expect((await facts(made.id)).map(({ kind }) => kind as string).sort((a, b) => a.localeCompare(b))).toEqual(
    ['attributes.set', 'attributes.set', 'contact.created', 'tags.changed'],
  )
})

test('identities of different contacts conflict by name', async () => {
  const a = await ask<Contact>(201, 'POST', '/contacts', { waId: '491705550002' })
  const b = await ask<Contact>(201, 'POST', '/contacts', { externalId: 'b' })
  const both = { waId: '491705550002', externalId: 'b', tags: ['never'] }
  const refused = await ask<{ code: string; fields: object[] }>(409, 'POST', '/contacts', both)
  expect(refused.code).toBe('conflict')
  expect(refused.fields).toEqual(
    expect.arrayContaining([
      { field: 'waId', message: `is held by contact ${a.id}` },
      { field: 'externalId', message: `is held by contact ${b.id}` },
    ]),
  )
})

test('twenty requests at once for one phone make one contact', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => ask<Contact>(201, 'POST', '/contacts', { waId: '491705550003' })),
  )
  expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
  expect(answers.filter(({ created }) => created)).toHaveLength(1)
})

test.each([
  [{ waId: 'call me' }, 'waId'],
  [{ bsuid: 'nonsense' }, 'bsuid'],
  [{ bsuid: 'DE.1' }, 'portfolioId'],
  [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
  [{ email: 'ann@' }, 'email'],
  [{ attributes: { 'no name': 1 } }, 'attributes.no name'],
  [{ attributes: { ['__proto__']: 1 } }, 'attributes.__proto__'],
  [{ phone: '1' }, 'phone'],
])('%j is refused, naming %s', async (body, field) => {
  expect(await ask(400, 'POST', '/contacts', body)).toMatchObject({ fields: [{ field }] })
})

test('attributes and tags change, and an attribute is emptied by null', async () => {
  const { id } = await ask<Contact>(201, 'POST', '/contacts', {
    name: 'Bob',
    tags: ['old'],
    attributes: { a: 1 },
  })
  const changed = await ask<Contact>(200, 'PATCH', `/contacts/${id}`, {
    name: null,
    lastName: 'Builder',
    attributes: { b: [true] },
    tags: ['new'],
  })
  expect(changed).toMatchObject({
    name: null,
    lastName: 'Builder',
    attributes: { a: 1, b: [true] },
    tags: ['new'],
  })
  expect(await facts(id)).toContainEqual({
    kind: 'tags.changed',
    data: expect.objectContaining({ added: ['new'], removed: ['old'] }) as object,
  })
})

test('search finds by name, phone and tag; pages follow one another without gaps', async () => {
  for (let at = 0; at < 5; at++) {
    const waId = `4917099900${at}0`
    await ask(201, 'POST', '/contacts', { waId, name: `Zoë 100% ${at}`, tags: ['paged'] })
  }
  const found: string[] = []
  let cursor = ''
  do {
    const page: Page<{ name: string }> = await ask(200, 'GET', `/contacts?tag=paged&limit=2${cursor}`)
    found.push(...page.items.map(({ name }) => name))
    cursor = page.nextCursor ? `&cursor=${page.nextCursor}` : ''
  } while (cursor)
  expect(found).toEqual([4, 3, 2, 1, 0].map((at) => `Zoë 100% ${at}`))
  const search = async (words: string) =>
    (await ask<Page<object>>(200, 'GET', `/contacts?search=${encodeURIComponent(words)}`)).items.length
  expect([
    await search('zoë'),
    await search('100%'),
    await search('1_0'),
    await search('+49 170-999'),
  ]).toEqual([5, 5, 0, 5])
  await ask(400, 'GET', '/contacts?cursor=nonsense')
})

test("another workspace's rows do not exist", async () => {
  const { id } = await ask<Contact>(201, 'POST', '/contacts', { waId: '491705550009' })
  const numberId = await rig.addNumber()
  const journey = await ask<{ id: string }>(201, 'POST', '/journeys', { numberId, name: 'Ours' })
  const foreign = async (method: string, path: string, body?: unknown, status = 404) =>
    ask(status, method, path, body, rig.theirs.key)
  await foreign('GET', `/contacts/${id}`)
  await foreign('PATCH', `/contacts/${id}`, { name: 'Stolen' })
  await foreign('GET', `/contacts/${id}/why?journey=${journey.id}&not=true`)
  await foreign('GET', `/journeys/${journey.id}`)
  await foreign('PATCH', `/journeys/${journey.id}`, { name: 'Stolen' })
  await foreign('POST', `/journeys/${journey.id}/publish`)
  await foreign('POST', `/journeys/${journey.id}/simulate`, {})
  await foreign('DELETE', `/journeys/${journey.id}`)
  await foreign('POST', '/journeys', { numberId, name: 'Theirs' }, 422)
  await foreign('POST', `/journeys/${journey.id}/runs`, { contactId: id }, 422)
  const made = await ask<Contact>(201, 'POST', '/contacts', { waId: '491705550009' }, rig.theirs.key)
  expect(made).toMatchObject({ created: true })
  expect(made.id).not.toBe(id)
  for (const list of ['contacts', 'journeys', 'runs', 'runs/stuck', 'conversations', 'event-types']) {
    const page = await ask<Page<{ id: string }>>(200, 'GET', `/${list}`, undefined, rig.theirs.key)
    expect(page.items.filter((item) => item.id !== made.id)).toEqual([])
  }
})

test('events are typed, and the same event id is one event', async () => {
  const type = { name: 'order.paid', attributes: { amount: 'float', order: 'string' } }
  expect(await ask(201, 'POST', '/event-types', type)).toMatchObject(type)
  await ask(409, 'POST', '/event-types', type)
  expect(await ask(200, 'GET', '/event-types')).toMatchObject({ items: [type], nextCursor: null })
  const event = { type: 'order.paid', waId: '491705550010', eventId: 'e1', attributes: { amount: 12.5 } }
  const first = await ask<{ id: string }>(201, 'POST', '/events', event)
  expect(first).toMatchObject({ duplicate: false, reached: 0 })
  expect(await ask(201, 'POST', '/events', event)).toMatchObject({ id: first.id, duplicate: true })
  expect(
    await ask(400, 'POST', '/events', { ...event, eventId: 'e2', attributes: { amount: '1' } }),
  ).toMatchObject({
    fields: [{ field: 'attributes.amount' }],
  })
  expect(await ask(422, 'POST', '/events', { ...event, type: 'order.sent' })).toMatchObject({
    fields: [{ field: 'type' }],
  })
  expect(await ask(400, 'POST', '/events', { type: 'order.paid' })).toMatchObject({
    fields: [{ field: 'contactId', message: 'give either contactId or waId' }],
  })
  expect(await ask(422, 'POST', '/events', { ...event, waId: undefined, contactId: newId() })).toMatchObject({
    fields: [{ field: 'contactId' }],
  })
})
