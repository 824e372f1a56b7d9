import fc from 'fast-check'
import { productSchema } from '../../src/model/catalog.ts'
import { nameColumn, readFeedRow, writeFeedRow } from '../../src/model/catalog-feed.ts'

const row = (more: Record<string, string> = {}) => ({
  id: 'sku-1',
  title: 'Shirt',
  price: '9.99 USD',
  ...more,
})

test("a row of Meta's feed is a product", () => {
  const product = readFeedRow(
    row({
      availability: 'in_stock',
      condition: 'Used_like_new',
      sale_price: '8 USD',
      sale_price_effective_date: '2026-11-01T0:00-0800/2026-11-30T23:59-08:00',
      link: 'https://shop.example/1',
      image_link: 'https://shop.example/a,b.jpg',
      additional_image_link: 'https://shop.example/2.jpg,https://shop.example/3.jpg',
      google_product_category: 'Apparel > Shirts',
      item_group_id: 'shirt',
      color: 'red',
      custom_label_1: 'summer',
    }),
  )
  expect(product).toMatchObject({
    retailerId: 'sku-1',
    name: 'Shirt',
    price: 999,
    salePrice: 800,
    saleFrom: '2026-11-01T08:00:00.000Z',
    saleTo: '2026-12-01T07:59:00.000Z',
    availability: 'in stock',
    condition: 'used',
    category: 'Apparel > Shirts',
    images: ['https://shop.example/a,b.jpg', 'https://shop.example/2.jpg', 'https://shop.example/3.jpg'],
    groupId: 'shirt',
    variant: { color: 'red' },
    labels: ['', 'summer'],
  })
})

test.each([
  [{ id: '' }, 'id', 'is required'],
  [{ title: ' ' }, 'title', 'is required'],
  [{ price: '' }, 'price', 'is required'],
  [{ price: '9.99' }, 'price', 'must be an amount and a currency, like 9.99 USD'],
  [{ sale_price: '8 EUR' }, 'sale_price', 'must be in USD, as the price is'],
  [{ sale_price: '10 USD' }, 'sale_price', 'must not be above the price'],
  [{ sale_price_effective_date: 'today' }, 'sale_price_effective_date', expect.stringContaining('two times')],
  [
    { sale_price_effective_date: '2026-02-01/2026-01-01' },
    'sale_price_effective_date',
    'must end after it begins',
  ],
  [
    { sale_price_effective_date: '2026-13-01/2026-14-01' },
    'sale_price_effective_date',
    expect.stringContaining('two'),
  ],
  [{ image_link: 'http://shop.example/1.jpg' }, 'image_link', expect.stringContaining('https')],
  [
    { image_link: 'https://a.example/1.jpg', additional_image_link: 'x' },
    'additional_image_link',
    expect.anything(),
  ],
  [{ availability: 'soon' }, 'availability', expect.anything()],
  [{ custom_label_4: 'x'.repeat(101) }, 'custom_label_4', expect.anything()],
  [{ size: 'x'.repeat(201) }, 'size', expect.anything()],
])('%j is refused in its column', (wrong, column, reason) => {
  expect(readFeedRow(row(wrong))).toEqual([{ column, reason }])
})

test('names of columns may be written as people do', () => {
  expect(['Image Link', ' image-link', 'IMAGE_LINK'].map(nameColumn)).toEqual(Array(3).fill('image_link'))
})

test('any product is read back as it was written', () => {
  const words = fc.stringMatching(/^[a-zA-Zäß='"@][a-zA-Zäß ,;'"=-]{0,20}[a-z]$/)
  const image = fc.webUrl({ validSchemes: ['https'], authoritySettings: { withPort: false } })
  const time = fc
    .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString())
  const product = fc
    .record(
      {
        retailerId: words,
        name: words,
        description: fc.option(words),
        price: fc.integer({ min: 1_000, max: 1e12 }),
        currency: fc.constantFrom('USD', 'JPY', 'KWD'),
        salePrice: fc.option(fc.integer({ min: 0, max: 1_000 })),
        saleFrom: fc.option(time),
        saleTo: fc.option(time),
        availability: fc.constantFrom('in stock', 'out of stock', 'available for order'),
        condition: fc.constantFrom('new', 'used', 'refurbished'),
        brand: fc.option(words),
        category: fc.option(words),
        images: fc.uniqueArray(image, { maxLength: 3 }),
        groupId: fc.option(words),
        variant: fc.record({ color: words, size: words }, { requiredKeys: [] }),
        labels: fc.array(words, { maxLength: 5 }),
        visibility: fc.constantFrom('published', 'hidden'),
      },
      { requiredKeys: ['retailerId', 'name', 'price', 'currency'] },
    )
    .map((given) => productSchema.safeParse(given))
    .filter((parsed) => parsed.success)
    .map(({ data }) => data)
  fc.assert(
    fc.property(product, (given) => {
      const read = readFeedRow(writeFeedRow(given))
      const [first, ...more] = given.images ?? []
      const images = first === undefined ? [] : [first, ...more.map((link) => link.replaceAll(',', '%2C'))]
      expect(withoutNulls(read)).toEqual(withoutNulls({ ...given, ...(given.images && { images }) }))
    }),
  )
})

/** Absent and null mean the same. */
function withoutNulls(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null && each !== undefined))
}
