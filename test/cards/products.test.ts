import { checkJourney } from '../../src/journeys/validate-journey.ts'
import { cards } from '../../workflows/cards/index.ts'
import { simulateCard } from '../support/simulate-card.ts'

const catalog = '0190a8f0-0000-7000-8000-000000000001'
const timeout = { amount: 1, unit: 'hours' }
const order = {
  total: 20,
  currency: 'USD',
  items: [{ retailer_id: 'SKU-1', quantity: 2, price: 10, currency: 'USD' }],
}

const kinds: [string, object, object][] = [
  [
    'send-catalog',
    { catalog, body: 'All we have', thumbnail: 'SKU-1', timeout },
    { type: 'catalog_message', action: { parameters: { thumbnail_product_retailer_id: 'SKU-1' } } },
  ],
  [
    'single-product',
    { catalog, product: 'SKU-1', body: 'For {{contact.first_name}}', timeout },
    {
      type: 'product',
      body: { text: 'For Ann' },
      action: { catalog_id: catalog, product_retailer_id: 'SKU-1' },
    },
  ],
  [
    'multi-product',
    {
      ...{ catalog, header: 'New', body: 'Look', timeout },
      sections: [{ title: 'Shoes', products: ['SKU-1', 'SKU-2'] }],
    },
    {
      type: 'product_list',
      action: {
        sections: [
          {
            title: 'Shoes',
            product_items: [{ product_retailer_id: 'SKU-1' }, { product_retailer_id: 'SKU-2' }],
          },
        ],
      },
    },
  ],
]

test.each(kinds)('%s: an order becomes a variable', async (type, settings, shown) => {
  const { outlet, vars, messages } = await simulateCard(type, settings, { replies: [{ answers: order }] })
  expect(outlet).toBe('ordered')
  expect(vars['order']).toEqual(order)
  expect(messages[0]?.content).toMatchObject({ type: 'interactive', interactive: shown })
})

test.each(kinds)('%s: other words, silence, a closed window', async (type, settings) => {
  expect((await simulateCard(type, settings, { replies: [{ text: 'too dear' }] })).outlet).toBe('other')
  expect(await simulateCard(type, settings)).toMatchObject({ outlet: 'timeout', afterMs: 3_600_000 })
  expect((await simulateCard(type, settings, { windowOpen: false })).outlet).toBe('failed')
})

test('what must be in the workspace, but for products that variables name', () => {
  expect(cards['single-product']?.refers?.({ catalog, product: 'SKU-1' })).toEqual([
    { kind: 'catalog', id: catalog, field: 'catalog' },
    { kind: 'product', catalog, id: 'SKU-1', field: 'product' },
  ])
  expect(cards['single-product']?.refers?.({ catalog, product: '{{vars.sku}}' })).toHaveLength(1)
})

test('31 products are too many', () => {
  const products = Array.from({ length: 16 }, (_, at) => `P${at}`)
  const sections = [
    { title: 'a', products },
    { title: 'b', products: products.slice(1) },
  ]
  const { problems } = checkJourney({
    start: 'it',
    cards: { it: { type: 'multi-product', settings: { catalog, header: 'x', body: 'x', sections } } },
    triggers: [{ type: 'api' }],
  })
  expect(problems).toContainEqual(expect.objectContaining({ field: 'cards.it.settings.sections' }))
})
