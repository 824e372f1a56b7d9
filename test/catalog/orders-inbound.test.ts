import { randomBytes } from 'node:crypto'
import { explain } from '../../src/analytics/why.ts'
import { createCatalog } from '../../src/catalog/manage-catalogs.ts'
import { upsertProducts } from '../../src/catalog/upsert-products.ts'
import { forkFor } from '../../src/db/orm.ts'
import { productSchema } from '../../src/model/catalog.ts'
import { messageBody } from '../inbound/webhook-bodies.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'
import { quietTemporal } from '../support/quiet-temporal.ts'
import { signedPost } from '../support/signed-post.ts'

quietTemporal()
let house: OpenHouse
const metaCatalogId = '354160437058781'

beforeAll(async () => {
  house = await openHouse()
  const { deps, workspaceId } = house
  const catalog = await createCatalog(deps, { workspaceId, name: 'Snacks', metaCatalogId, source: 'manual' })
  const burger = { retailerId: 'HAMBURGER', name: 'Hamburger', price: 3_000, currency: 'ILS' }
  await forkFor(deps.orm, workspaceId).transactional((em) =>
    upsertProducts(em, {
      ...{ workspaceId, catalogId: catalog.id, source: 'manual' },
      products: [productSchema.parse(burger)],
    }),
  )
})
afterAll(() => house.close())

const rows = <T extends object>(sql: string, values?: unknown[]) => house.rows<T>(sql, values)
const cart = (items: unknown, more: object = {}) => ({
  type: 'order',
  order: { catalog_id: metaCatalogId, text: '', product_items: items, ...more },
})
const items = [
  { product_retailer_id: 'HAMBURGER', quantity: 3, item_price: 30, currency: 'ILS' },
  { product_retailer_id: 'NEW_DISH', quantity: 2, item_price: 35.5, currency: 'ILS' },
]
const ordersOf = (waId: string) =>
  rows<{
    id: string
    contact_id: string
    message_id: string
    note: string | null
    items: number
    total: string
  }>(`select o.* from orders o join identities i using (contact_id) where i.value = $1 order by o.id`, [waId])
const linesOf = (orderId: string | undefined) =>
  rows(
    'select retailer_id, name, quantity, unit_price, currency from order_lines where order_id = $1 order by position',
    [orderId],
  )
/** A customer of the sandbox speaks. */
async function speak(waId: string, message: object): Promise<void> {
  const response = await fetch(`${house.sandboxUrl}/sandbox/phones/${waId}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message }),
  })
  expect(response.status).toBe(200)
}
/** Webhook messages as they come, all in one body. */
async function deliver(...messages: object[]): Promise<void> {
  const timestamp = String(Math.floor(Date.now() / 1_000))
  const whole = messages.map((message) => ({
    ...{ from: '491700010009', id: `wamid.${randomBytes(8).toString('hex')}`, timestamp },
    ...message,
  }))
  expect(await signedPost(house, messageBody(house.access, { messages: whole }))).toBe(200)
}

test('a cart sent from the phone is an order with lines, starts a journey, and says why', async () => {
  await house.publish({
    start: 'thank',
    triggers: [{ type: 'custom-event', event: 'order_placed' }],
    cards: {
      thank: { type: 'message', settings: { text: 'Thank you for {{event.total}} {{event.currency}}!' } },
    },
  })
  await speak('491700010001', cart(items, { text: 'Without onions' }))
  const [order] = await ordersOf('491700010001')
  expect(order).toMatchObject({
    source: 'whatsapp',
    status: 'placed',
    note: 'Without onions',
    items: 5,
    total: '16100',
  })
  expect(await linesOf(order?.id)).toEqual([
    { retailer_id: 'HAMBURGER', name: 'Hamburger', quantity: 3, unit_price: '3000', currency: 'ILS' },
    { retailer_id: 'NEW_DISH', name: null, quantity: 2, unit_price: '3550', currency: 'ILS' },
  ])
  const [sent] = await eventually(async () => {
    const messages = await house.ledger('491700010001')
    expect(messages).toHaveLength(1)
    return messages
  })
  expect(sent?.payload.text?.body).toBe('Thank you for 161 ILS!')
  const whose = { workspaceId: house.workspaceId, contactId: order?.contact_id ?? '' }
  const { chain } = await eventually(async () => {
    const [answer] = await rows<{ id: string }>('select id from messages where wamid = $1', [sent?.id])
    expect(answer).toBeDefined()
    const why = await explain(house.deps, whose, { about: 'message', messageId: answer?.id ?? '' })
    expect(why.chain.map(({ kind }) => kind)).toContain('run.started')
    return why
  })
  expect(chain.slice(0, 2)).toMatchObject([
    { kind: 'message.received', words: 'the customer wrote "Without onions"' },
    { kind: 'order.placed', words: 'the customer ordered 5 pieces', data: { order: order?.id } },
  ])
})

test('a webhook that comes twice is one order', async () => {
  await house.settings({ duplicateRate: 1 })
  await speak('491700010002', cart(items))
  await house.settings({ duplicateRate: 0 })
  const [order, ...more] = await ordersOf('491700010002')
  expect(more).toEqual([])
  const events = await rows(`select 1 from events where attributes ->> 'order_id' = $1`, [order?.id])
  expect(events).toHaveLength(1)
})

test('carts that cannot be read harm nobody: their messages stay, with the reason', async () => {
  const odd = [
    { type: 'order' },
    { type: 'order', order: 'two burgers' },
    cart('none'),
    cart([]),
    cart([
      null,
      7,
      { quantity: 1 },
      { product_retailer_id: 'x' },
      { product_retailer_id: 'x', quantity: 0.5 },
    ]),
  ]
  await deliver(...odd, cart([...items, { product_retailer_id: 'x', quantity: -1 }]), {
    type: 'text',
    text: { body: 'hello' },
  })
  const [order, ...more] = await ordersOf('491700010009')
  expect(more).toEqual([])
  expect(order).toMatchObject({ items: 5, total: '16100', note: null })
  const facts = await rows<{ reason: string }>(
    `select data ->> 'reason' as reason from facts where kind = 'order.unreadable' and contact_id = $1 order by id`,
    [order?.contact_id],
  )
  expect(facts.map(({ reason }) => reason).toSorted()).toEqual([
    'no item of the order names a product and a quantity',
    'the message has no order',
    'the message has no order',
    'the order has no product items',
    'the order has no product items',
  ])
  const stored = await rows("select 1 from messages where contact_id = $1 and direction = 'in'", [
    order?.contact_id,
  ])
  expect(stored).toHaveLength(odd.length + 2)
  expect(
    await rows(
      `select data -> 'dropped' as dropped from facts where kind = 'order.placed' and data ->> 'order' = $1`,
      [order?.id],
    ),
  ).toEqual([{ dropped: 1 }])
})

test('prices that make no sense leave lines without prices, and no total', async () => {
  const line = (more: object) => ({ product_retailer_id: 'A', quantity: 1, ...more })
  await deliver({
    from: '491700010010',
    ...cart([
      line({ item_price: 1e30, currency: 'USD' }),
      line({ item_price: -1, currency: 'USD' }),
      line({ item_price: '8.165', currency: 'USD' }),
      line({ item_price: 0.145, currency: 'KWD' }),
      line({ item_price: 5, currency: 'coins' }),
      line({}),
      { product_retailer_id: 77, quantity: '2', item_price: 99.5, currency: 'JPY' },
    ]),
  })
  const [order] = await ordersOf('491700010010')
  expect(order).toMatchObject({ total: null, currency: null, items: 8 })
  expect(await linesOf(order?.id)).toMatchObject([
    { unit_price: null, currency: 'USD' },
    { unit_price: null, currency: 'USD' },
    { unit_price: '817' },
    { unit_price: '145', currency: 'KWD' },
    { unit_price: null, currency: null },
    { unit_price: null, currency: null },
    { retailer_id: '77', quantity: 2, unit_price: '100', currency: 'JPY' },
  ])
})
