import { newId } from '../../src/db/columns.ts'
import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { journeyDefinitionSchema } from '../../src/model/journey-definition.ts'
import type { Page } from '../support/workspace-api.ts'
import { openCatalogRig, type CatalogRig, type Item } from './catalog-rig.ts'

let rig: CatalogRig
let ask: CatalogRig['ask']

beforeAll(async () => {
  rig = await openCatalogRig(contactRoutes)
  ask = rig.ask
})
afterAll(() => rig.api.close())

interface Order {
  id: string
  contactId: string
  created: boolean
  history: { status: string }[]
}
const line = (retailerId: string, quantity: number, unitPrice: number | null = 500, currency = 'USD') => {
  return { retailerId, quantity, unitPrice, ...(unitPrice !== null && { currency }) }
}
const place = (waId: string, more: object = {}) =>
  ask<Order>(201, 'POST', '/orders', { waId, catalogId: rig.catalogId, lines: [line('o-1', 2)], ...more })

test('an order keeps its lines, finds its products and is an event of the contact', async () => {
  const product = await rig.make('o-1', { name: 'Shirt' })
  const order = await place('491705550001', {
    note: 'Please wrap',
    placedAt: '2026-11-01T10:00:00Z',
    lines: [line('o-1', 2), line('unknown', 1, 1_000), { ...line('named', 1, 0), name: 'Sticker' }],
  })
  expect(order).toMatchObject({
    created: true,
    source: 'manual',
    status: 'placed',
    items: 4,
    total: 2_000,
    totalText: '20.00 USD',
    note: 'Please wrap',
    placedAt: '2026-11-01T10:00:00.000Z',
    metaCatalogId: '4711',
    lines: [
      { productId: product.id, retailerId: 'o-1', name: 'Shirt', quantity: 2, unitPrice: 500 },
      { productId: null, retailerId: 'unknown', name: null },
      { productId: null, retailerId: 'named', name: 'Sticker' },
    ],
    history: [{ status: 'placed', by: `key ${rig.ours.keyId}` }],
  })
  const events = await rig.rows('select type, attributes from events where contact_id = $1 and type = $2', [
    order.contactId,
    'order_placed',
  ])
  expect(events).toEqual([
    {
      type: 'order_placed',
      attributes: {
        order_id: order.id,
        total: 20,
        currency: 'USD',
        items: [
          { retailer_id: 'o-1', quantity: 2, price: 5, currency: 'USD' },
          { retailer_id: 'unknown', quantity: 1, price: 10, currency: 'USD' },
          { retailer_id: 'named', quantity: 1, price: 0, currency: 'USD' },
        ],
      },
    },
  ])
  await ask(204, 'DELETE', `/products/${product.id}`)
  expect(await ask(200, 'GET', `/orders/${order.id}`)).toMatchObject({
    lines: [{ productId: null, retailerId: 'o-1', name: 'Shirt' }, {}, {}],
  })
})

test('an order of the past is an event as well, and starts nothing', async () => {
  await publishThanks()
  const count = async (sql: string, contactId: string) =>
    (await rig.rows(`select 1 from ${sql} and contact_id = $1`, [contactId])).length
  const past = { isPast: true, placedAt: '2024-01-01T00:00:00Z' }
  const { contactId } = await place('491705550020', past)
  expect(await count(`events where type = 'order_placed'`, contactId)).toBe(1)
  expect(await count(`facts where kind = 'trigger.evaluated'`, contactId)).toBe(0)
  await place('491705550020')
  expect(await count(`events where type = 'order_placed'`, contactId)).toBe(2)
  expect(await count(`facts where kind = 'trigger.evaluated'`, contactId)).toBe(1)
})

/** A journey that every order starts. */
async function publishThanks(): Promise<void> {
  const [number, journey, version] = [await rig.addNumber(), newId(), newId()]
  const { workspaceId } = rig.ours
  const journeyOfOrders = {
    start: 'thank',
    triggers: [{ type: 'custom-event', event: 'order_placed' }],
    cards: { thank: { type: 'message', settings: { text: 'Thank you!' } } },
  }
  const definition = JSON.stringify(journeyDefinitionSchema.parse(journeyOfOrders))
  await rig.rows(
    'insert into journeys (id, workspace_id, number_id, name, draft) values ($1, $2, $3, $4, $5)',
    [journey, workspaceId, number, 'Thanks', definition],
  )
  await rig.rows(
    'insert into journey_versions (id, workspace_id, journey_id, number, definition) values ($1, $2, $3, 1, $4)',
    [version, workspaceId, journey, definition],
  )
  await rig.rows('update journeys set published_version_id = $1 where id = $2', [version, journey])
}

test('the same external id is the same order, also for twenty requests at once', async () => {
  const external = { system: 'shopify', id: '1001' }
  const answers = await Promise.all(Array.from({ length: 20 }, () => place('491705550002', { external })))
  expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
  expect(answers.filter(({ created }) => created)).toHaveLength(1)
  expect(answers[0]).toMatchObject({ source: 'shopify', external })
  const rows = await rig.rows(
    `select count(*)::int as count from events where attributes ->> 'order_id' = $1`,
    [answers[0]?.id],
  )
  expect(rows).toEqual([{ count: 1 }])
  const other = await place('491705550002', { external: { system: 'woocommerce', id: '1001' } })
  expect(other.created).toBe(true)
  expect(await ask(409, 'PATCH', `/orders/${other.id}`, { external })).toMatchObject({
    fields: [{ field: 'external.id' }],
  })
  expect(await ask(200, 'PATCH', `/orders/${other.id}`, { external: null, note: 'x' })).toMatchObject({
    external: null,
    note: 'x',
  })
  expect(
    await ask(200, 'PATCH', `/orders/${other.id}`, { external: { system: 'other', id: 'erp 7' } }),
  ).toMatchObject({
    external: { system: 'other', id: 'erp 7' },
    note: 'x',
  })
})

test('an order moves on and never back, with its history and facts', async () => {
  const { id, contactId } = await place('491705550003')
  const move = (status: number, to: string, note?: string) =>
    ask<Order>(status, 'POST', `/orders/${id}/status`, { status: to, ...(note && { note }) })
  expect(await move(200, 'paid', 'by card')).toMatchObject({ status: 'paid' })
  expect((await move(200, 'paid')).history).toHaveLength(2)
  expect(await move(422, 'confirmed')).toMatchObject({
    fields: [{ field: 'status', message: 'a paid order becomes shipped, delivered, cancelled' }],
  })
  const { history } = await move(200, 'delivered')
  expect(history).toMatchObject([
    { status: 'placed', note: null },
    { status: 'paid', note: 'by card' },
    { status: 'delivered', by: `key ${rig.ours.keyId}` },
  ])
  expect(await move(422, 'cancelled')).toMatchObject({ fields: [{ message: 'a delivered order stays so' }] })
  await move(400, 'lost')
  const facts = await rig.rows(
    `select data ->> 'from' as "from", data ->> 'to' as "to" from facts where contact_id = $1 and kind = 'order.changed' order by id`,
    [contactId],
  )
  expect(facts).toEqual([
    { from: 'placed', to: 'paid' },
    { from: 'paid', to: 'delivered' },
  ])
})

test('orders are listed by what they have, newest first, and summed up for a contact', async () => {
  const waId = '491705550004'
  const at = (day: number, more: object = {}) =>
    place(waId, { placedAt: `2026-10-0${day}T00:00:00Z`, ...more })
  const first = await at(1)
  const { contactId } = first
  const third = await at(3, { lines: [line('x', 3, 150, 'JPY')] })
  const second = await at(2, { lines: [line('y', 1, null)] })
  const cancelled = await at(4)
  await ask(200, 'POST', `/orders/${cancelled.id}/status`, { status: 'cancelled' })
  const find = async (query: string) =>
    (await ask<Page<Item>>(200, 'GET', `/orders?contactId=${contactId}${query}`)).items.map(({ id }) => id)
  expect(await find('')).toEqual([cancelled.id, third.id, second.id, first.id])
  expect(await find('&status=cancelled')).toEqual([cancelled.id])
  expect(await find('&retailerId=x')).toEqual([third.id])
  expect(await find('&from=2026-10-02T00:00:00Z&to=2026-10-04T00:00:00Z')).toEqual([third.id, second.id])
  expect(await find(`&catalogId=${newId()}`)).toEqual([])
  const paged: string[] = []
  let cursor = ''
  do {
    const page = await ask<Page<Item>>(200, 'GET', `/orders?contactId=${contactId}&limit=1${cursor}`)
    paged.push(...page.items.map(({ id }: Item) => id))
    cursor = page.nextCursor ? `&cursor=${page.nextCursor}` : ''
  } while (cursor)
  expect(paged).toEqual(await find(''))
  expect(await ask(200, 'GET', `/contacts/${contactId}/order-summary`)).toEqual({
    orders: 3,
    cancelled: 1,
    items: 6,
    totals: [
      { currency: 'JPY', orders: 1, total: 450, totalText: '450 JPY' },
      { currency: 'USD', orders: 1, total: 1_000, totalText: '10.00 USD' },
    ],
    firstPlacedAt: '2026-10-01T00:00:00.000Z',
    lastPlacedAt: '2026-10-04T00:00:00.000Z',
  })
  await ask(400, 'GET', '/orders?cursor=nonsense')
})

test.each([
  [{ lines: [] }, 400, 'lines'],
  [{ lines: [line('x', 0)] }, 400, 'lines.0.quantity'],
  [{ lines: [{ retailerId: 'x', quantity: 1, unitPrice: 5 }] }, 400, 'lines.0.currency'],
  [{ lines: [{ ...line('x', 1), colour: 'red' }] }, 400, 'lines.0.colour'],
  [{ lines: [line('x', 1, 5, 'XXX')] }, 400, 'lines.0.currency'],
  [{ status: 'lost' }, 400, 'status'],
  [{ external: { system: 'magento', id: '1' } }, 400, 'external.system'],
  [{ catalogId: newId() }, 422, 'catalogId'],
  [{ waId: undefined }, 400, 'contactId'],
  [{ waId: undefined, contactId: newId() }, 422, 'contactId'],
])('an order with %j is refused', async (wrong, status, field) => {
  const body = { waId: '491705550005', lines: [line('x', 1)], ...wrong }
  expect(await ask(status, 'POST', '/orders', body)).toMatchObject({ fields: [{ field }] })
})

test("another workspace's orders do not exist", async () => {
  const { id, contactId } = await place('491705550006')
  const foreign = (method: string, path: string, body?: unknown) =>
    ask(404, method, path, body, rig.theirs.key)
  await foreign('GET', `/orders/${id}`)
  await foreign('PATCH', `/orders/${id}`, { note: 'stolen' })
  await foreign('POST', `/orders/${id}/status`, { status: 'paid' })
  await foreign('GET', `/contacts/${contactId}/order-summary`)
  expect(await ask(200, 'GET', '/orders', undefined, rig.theirs.key)).toEqual({ items: [], nextCursor: null })
})
