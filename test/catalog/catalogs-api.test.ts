import { newId } from '../../src/db/columns.ts'
import type { Page } from '../support/workspace-api.ts'
import { openCatalogRig, type CatalogRig, type Item } from './catalog-rig.ts'

let rig: CatalogRig
let api: CatalogRig['api']
let ours: CatalogRig['ours']
let theirs: CatalogRig['theirs']
let ask: CatalogRig['ask']
let catalogId: string
let make: CatalogRig['make']
let listed: CatalogRig['listed']

beforeAll(async () => {
  rig = await openCatalogRig()
  ;({ api, ours, theirs, ask, catalogId, make, listed } = rig)
})
afterAll(() => rig.api.close())

test('a catalog is made, renamed, found and deleted; its name and Meta id are its own', async () => {
  const spare = await ask<{ id: string }>(201, 'POST', '/catalogs', { name: 'Spare', source: 'csv' })
  expect(spare).toMatchObject({ name: 'Spare', source: 'csv', metaCatalogId: null, products: 0 })
  const conflict = (field: string) => ({ code: 'conflict', fields: [{ field }] })
  expect(await ask(409, 'POST', '/catalogs', { name: 'sPARE' })).toMatchObject(conflict('name'))
  expect(await ask(409, 'POST', '/catalogs', { name: 'Other', metaCatalogId: '4711' })).toMatchObject(
    conflict('metaCatalogId'),
  )
  const path = `/catalogs/${spare.id}`
  expect(await ask(409, 'PATCH', path, { name: 'shop' })).toMatchObject(conflict('name'))
  expect(await ask(409, 'PATCH', path, { metaCatalogId: '4711' })).toMatchObject(conflict('metaCatalogId'))
  expect(await ask(200, 'PATCH', path, { name: 'Depot', metaCatalogId: '12' })).toMatchObject({
    name: 'Depot',
    metaCatalogId: '12',
  })
  expect(await ask(200, 'PATCH', path, { metaCatalogId: null })).toMatchObject({
    name: 'Depot',
    metaCatalogId: null,
  })
  expect(await ask(400, 'PATCH', path, { metaCatalogId: 'my shop' })).toMatchObject({
    fields: [{ field: 'metaCatalogId' }],
  })
  expect((await ask<Page<Item>>(200, 'GET', '/catalogs?limit=1')).nextCursor).toEqual(expect.any(String))
  await ask(204, 'DELETE', path)
  await ask(404, 'GET', path)
  await ask(404, 'DELETE', path)
})

test('a product keeps what it was given, and says what Meta would miss', async () => {
  const given = {
    description: 'A shirt',
    price: 1299,
    currency: 'KWD',
    salePrice: 999,
    saleFrom: '2026-11-01T00:00:00.000Z',
    saleTo: '2026-12-01T00:00:00.000Z',
    availability: 'preorder',
    condition: 'used',
    brand: 'Acme',
    category: 'Apparel > Shirts',
    url: 'https://shop.example/p/1',
    images: ['https://shop.example/1.jpg', 'https://shop.example/2.jpg'],
    groupId: 'shirt',
    variant: { color: 'red', size: 'M' },
    labels: ['', 'summer'],
    visibility: 'hidden',
  }
  const made = await make('full', given)
  expect(made).toMatchObject({ ...given, priceText: '1.299 KWD', missing: [], source: 'manual' })
  expect(await ask(200, 'GET', `/products/${made.id}`)).toEqual(made)
  const bare = await make('bare')
  expect(bare).toMatchObject({ availability: 'in stock', missing: ['description', 'brand', 'url', 'images'] })
  const conflict = { catalogId, retailerId: 'bare', name: 'x', price: 1, currency: 'USD' }
  expect(await ask(409, 'POST', '/products', conflict)).toMatchObject({
    fields: [{ field: 'retailerId' }],
    details: { productId: bare.id },
  })
})

test('of products made at once under one retailer id one stays', async () => {
  const bodies = [...Array(8).keys()].map((at) => ({
    catalogId,
    retailerId: 'once',
    name: `n${at}`,
    price: 1,
    currency: 'USD',
  }))
  const answers = await Promise.all(
    bodies.map((body) => api.ask('POST', '/platform/v1/products', { token: ours.key, body })),
  )
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
    201,
    ...Array<number>(7).fill(409),
  ])
  const winner = answers.find(({ status }) => status === 201)?.body as { id: string; name: string }
  expect(await ask(200, 'GET', `/products/${winner.id}`)).toMatchObject({ name: winner.name })
})

test.each([
  [{ price: -1 }, 'price'],
  [{ price: 9.99 }, 'price'],
  [{ price: '9.99' }, 'price'],
  [{ currency: 'XXX' }, 'currency'],
  [{ currency: 'usd' }, 'currency'],
  [{ salePrice: 2_000 }, 'salePrice'],
  [{ saleFrom: '2026-01-01T00:00:00Z' }, 'salePrice'],
  [{ salePrice: 1, saleFrom: '2026-02-01T00:00:00Z', saleTo: '2026-01-01T00:00:00Z' }, 'saleTo'],
  [{ images: ['http://shop.example/1.jpg'] }, 'images.0'],
  [{ images: ['https://127.0.0.1/1.jpg'] }, 'images.0'],
  [{ images: ['https://user:secret@shop.example/1.jpg'] }, 'images.0'],
  [{ images: ['https://a.example/1.jpg', 'https://a.example/1.jpg'] }, 'images'],
  [{ images: Array.from({ length: 22 }, (_, at) => `https://a.example/${at}.jpg`) }, 'images'],
  [{ url: 'javascript:alert(1)' }, 'url'],
  [{ availability: 'soon' }, 'availability'],
  [{ name: ' ' }, 'name'],
  [{ variant: { colour: 'red' } }, 'variant.colour'],
  [{ labels: ['1', '2', '3', '4', '5', '6'] }, 'labels'],
  [{ catalogId: newId() }, 'catalogId'],
  [{ colour: 'red' }, 'colour'],
])('a product with %j is refused, naming %s', async (wrong, field) => {
  const product = { catalogId, retailerId: newId(), name: 'Wrong', price: 999, currency: 'USD', ...wrong }
  const answer = await api.ask('POST', '/platform/v1/products', { token: ours.key, body: product })
  expect(answer.status).toBe(field === 'catalogId' ? 422 : 400)
  expect(answer.body['fields']).toEqual([expect.objectContaining({ field })])
})

test('a change names a field or empties it, and the whole must be right afterwards', async () => {
  const { id } = await make('change', { price: 1000, salePrice: 900, brand: 'Acme' })
  expect(await ask(200, 'PATCH', `/products/${id}`, { name: 'New', brand: null })).toMatchObject({
    name: 'New',
    brand: null,
    price: 1000,
    salePrice: 900,
  })
  expect(await ask(400, 'PATCH', `/products/${id}`, { price: 800 })).toMatchObject({
    fields: [{ field: 'salePrice', message: 'must not be above the price' }],
  })
  expect(await ask(200, 'PATCH', `/products/${id}`, { price: 800, salePrice: null })).toMatchObject({
    price: 800,
    salePrice: null,
  })
  await ask(400, 'PATCH', `/products/${id}`, { name: null })
  await ask(404, 'PATCH', `/products/${newId()}`, { name: 'Nobody' })
})

test('an archived product is in the archive only, and comes back', async () => {
  const { id } = await make('old')
  expect(await ask(200, 'POST', `/products/${id}/archive`)).toMatchObject({
    archivedAt: expect.any(String) as string,
  })
  expect(await listed('search=old')).toEqual([])
  expect(await listed('search=old&archived=true')).toEqual(['old'])
  const again = { catalogId, retailerId: 'old', name: 'x', price: 1, currency: 'USD' }
  expect(await ask(409, 'POST', '/products', again)).toMatchObject({
    fields: [{ message: expect.stringContaining('restore') as string }],
  })
  expect(await ask(200, 'POST', `/products/${id}/restore`)).toMatchObject({ archivedAt: null })
  expect(await listed('search=old')).toEqual(['old'])
  await ask(204, 'DELETE', `/products/${id}`)
  await ask(404, 'GET', `/products/${id}`)
})

test('the list searches, filters, sorts and pages without gaps', async () => {
  const other = await ask<{ id: string }>(201, 'POST', '/catalogs', { name: 'Listed' })
  const put = (retailerId: string, more: object) => make(retailerId, { catalogId: other.id, ...more })
  await put('l-1', { name: 'Blue 100% shirt', brand: 'Acme', price: 300, category: 'Apparel > Shirts' })
  await put('l-2', { name: 'alpha', brand: 'Zeta', price: 100, category: 'apparel', labels: ['Hot'] })
  await put('l-3', { name: 'Gamma', price: 200, availability: 'out of stock', category: 'Apparelled' })
  await put('l-4', { name: 'Delta', price: 200, currency: 'EUR', salePrice: 150, groupId: 'g' })
  await put('l-5', {
    name: 'Epsilon',
    price: 200,
    salePrice: 150,
    saleFrom: '2020-01-01T00:00:00Z',
    saleTo: '2020-02-01T00:00:00Z',
  })
  const find = (query: string) => listed(`catalogId=${other.id}&sort=retailer-id&${query}`)
  expect(await find('search=SHIRT')).toEqual(['l-1'])
  expect(await find('search=100%25')).toEqual(['l-1'])
  expect(await find('search=l_1')).toEqual([])
  expect(await find('search=L-2')).toEqual(['l-2'])
  expect(await find('brand=acme,ZETA')).toEqual(['l-1', 'l-2'])
  expect(await find('category=Apparel')).toEqual(['l-1', 'l-2'])
  expect(await find('availability=out%20of%20stock')).toEqual(['l-3'])
  expect(await find('label=hot')).toEqual(['l-2'])
  expect(await find('currency=USD&minPrice=200&maxPrice=250')).toEqual(['l-3', 'l-5'])
  expect(await find('onSale=true')).toEqual(['l-4'])
  expect(await find('groupId=g')).toEqual(['l-4'])
  const sorted = (sort: string) => listed(`catalogId=${other.id}&sort=${sort}`)
  expect(await sorted('name')).toEqual(['l-2', 'l-1', 'l-4', 'l-5', 'l-3'])
  expect(await sorted('price')).toEqual(['l-2', 'l-3', 'l-4', 'l-5', 'l-1'])
  expect(await sorted('price-desc')).toEqual(['l-1', 'l-5', 'l-4', 'l-3', 'l-2'])
  expect(await sorted('newest')).toEqual(['l-5', 'l-4', 'l-3', 'l-2', 'l-1'])
  for (const sort of ['newest', 'name', 'price', 'price-desc', 'updated', 'retailer-id']) {
    const whole = await sorted(sort)
    const paged: string[] = []
    let cursor = ''
    do {
      const page: Page<Item> = await ask(
        200,
        'GET',
        `/products?catalogId=${other.id}&sort=${sort}&limit=2${cursor}`,
      )
      paged.push(...page.items.map(({ retailerId }) => retailerId))
      cursor = page.nextCursor ? `&cursor=${page.nextCursor}` : ''
    } while (cursor)
    expect(paged).toEqual(whole)
  }
  const { nextCursor } = await ask<Page<Item>>(
    200,
    'GET',
    `/products?catalogId=${other.id}&sort=name&limit=2`,
  )
  await ask(400, 'GET', `/products?sort=price&cursor=${nextCursor}`)
  await ask(400, 'GET', '/products?sort=size')
})

test("another workspace's catalog does not exist", async () => {
  const { id } = await make('private')
  const set = await ask<Item>(201, 'POST', '/product-sets', { catalogId, name: 'Private', kind: 'list' })
  const foreign = (status: number, method: string, path: string, body?: unknown) =>
    ask(status, method, path, body, theirs.key)
  await foreign(404, 'GET', `/catalogs/${catalogId}`)
  await foreign(404, 'PATCH', `/catalogs/${catalogId}`, { name: 'Stolen' })
  await foreign(404, 'DELETE', `/catalogs/${catalogId}`)
  await foreign(404, 'POST', `/catalogs/${catalogId}/compose-message`, { kind: 'catalog', body: 'x' })
  await foreign(404, 'GET', `/products/${id}`)
  await foreign(404, 'PATCH', `/products/${id}`, { name: 'Stolen' })
  await foreign(404, 'POST', `/products/${id}/archive`)
  await foreign(404, 'DELETE', `/products/${id}`)
  await foreign(422, 'POST', '/products', {
    catalogId,
    retailerId: 'x',
    name: 'x',
    price: 1,
    currency: 'USD',
  })
  await foreign(422, 'POST', '/products/bulk', { catalogId, products: [{}] })
  await foreign(404, 'PATCH', `/product-sets/${set.id}`, { name: 'Stolen' })
  await foreign(404, 'DELETE', `/product-sets/${set.id}`)
  await foreign(422, 'POST', '/product-sets', { catalogId, name: 'Theirs', kind: 'list' })
  for (const list of ['catalogs', 'products', `products?setId=${set.id}`, 'product-sets', 'orders']) {
    expect(await foreign(200, 'GET', `/${list}`)).toEqual({ items: [], nextCursor: null })
  }
})
