import { messageContentSchema } from '../../src/model/message.ts'
import { productMessageSchema, productsOf, toProductContent } from '../../src/model/product-message.ts'

const compose = (given: object) => toProductContent(productMessageSchema.parse(given), '4711')
const section = (count: number, title?: string) => ({
  ...(title && { title }),
  retailerIds: Array.from({ length: count }, (_, at) => `${title ?? ''}${at}`),
})

test.each([
  [
    { kind: 'product', retailerId: 'a' },
    { type: 'product', action: { catalog_id: '4711', product_retailer_id: 'a' } },
  ],
  [
    { kind: 'product', retailerId: 'a', body: 'Look', footer: 'Small' },
    {
      type: 'product',
      body: { text: 'Look' },
      footer: { text: 'Small' },
      action: { catalog_id: '4711', product_retailer_id: 'a' },
    },
  ],
  [
    { kind: 'products', header: 'New', body: 'Look', sections: [{ retailerIds: ['a', 'b'] }] },
    {
      type: 'product_list',
      header: { type: 'text', text: 'New' },
      body: { text: 'Look' },
      action: {
        catalog_id: '4711',
        sections: [{ product_items: [{ product_retailer_id: 'a' }, { product_retailer_id: 'b' }] }],
      },
    },
  ],
  [
    { kind: 'catalog', body: 'All' },
    { type: 'catalog_message', body: { text: 'All' }, action: { name: 'catalog_message' } },
  ],
  [
    { kind: 'catalog', body: 'All', thumbnailRetailerId: 'a' },
    {
      type: 'catalog_message',
      body: { text: 'All' },
      action: { name: 'catalog_message', parameters: { thumbnail_product_retailer_id: 'a' } },
    },
  ],
])('%j is what the Cloud API takes', (given, interactive) => {
  const content = compose(given)
  expect(content).toEqual({ type: 'interactive', interactive })
  expect(messageContentSchema.parse(content)).toEqual(content)
})

test('thirty products in ten sections are the most', () => {
  const products = (sections: object[]) => ({ kind: 'products', header: 'New', body: 'Look', sections })
  const ten = Array.from({ length: 10 }, (_, at) => section(3, `s${at}`))
  const most = productMessageSchema.parse(products(ten))
  expect(productsOf(most)).toHaveLength(30)
  expect(messageContentSchema.safeParse(toProductContent(most, '1')).success).toBe(true)
  const refused = (sections: object[]) => productMessageSchema.safeParse(products(sections)).error?.issues
  expect(refused([...ten.slice(1), section(4, 'x')])).toMatchObject([
    { path: ['sections'], message: 'at most 30 products over all sections' },
  ])
  expect(refused([...ten, section(1, 'x')])).toMatchObject([{ code: 'too_big' }])
  expect(refused([section(1), section(1, 'x')])).toMatchObject([{ path: ['sections', 0, 'title'] }])
  expect(refused([section(1, 'x'.repeat(25))])).toMatchObject([{ path: ['sections', 0, 'title'] }])
})
