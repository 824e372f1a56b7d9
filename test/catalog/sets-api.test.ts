import { newId } from '../../src/db/columns.ts'
import type { Page } from '../support/workspace-api.ts'
import { openCatalogRig, type CatalogRig, type Item } from './catalog-rig.ts'

let rig: CatalogRig
let ask: CatalogRig['ask']
let catalogId: string
let make: CatalogRig['make']
let listed: CatalogRig['listed']

beforeAll(async () => {
  rig = await openCatalogRig()
  ;({ ask, catalogId, make, listed } = rig)
})
afterAll(() => rig.api.close())

test('bulk writes what is right, names what is wrong, and repeating it changes nothing', async () => {
  const row = (retailerId: string, more: object = {}) => {
    return { retailerId, name: retailerId, price: 100, currency: 'JPY', ...more }
  }
  const products = [
    row('b1'),
    row('b2', { price: -1, currency: 'EURO' }),
    row('b3'),
    row('b1'),
    7,
    row('b4', { id: 1 }),
  ]
  const body = { catalogId, products }
  const refused = [
    { row: 1, retailerId: 'b2', field: 'price' },
    { row: 1, retailerId: 'b2', field: 'currency' },
    { row: 3, retailerId: 'b1', field: 'retailerId', message: 'stands in row 0 already' },
    { row: 4, retailerId: null, field: '' },
    { row: 5, retailerId: 'b4', field: 'id', message: 'is not a field we know' },
  ]
  expect(await ask(200, 'POST', '/products/bulk', { ...body, allOrNothing: true })).toMatchObject({
    ...{ created: 0, updated: 0, failed: 4, errors: refused },
  })
  expect(await listed('search=b1')).toEqual([])
  const first = await ask<{ errors: object[] }>(200, 'POST', '/products/bulk', body)
  expect(first).toMatchObject({ created: 2, updated: 0, unchanged: 0, failed: 4, errors: refused })
  expect(await ask(200, 'POST', '/products/bulk', body)).toMatchObject({
    created: 0,
    updated: 0,
    unchanged: 2,
  })
  expect(
    await ask(200, 'POST', '/products/bulk', { catalogId, products: [row('b1', { price: 5 }), row('b3')] }),
  ).toMatchObject({ created: 0, updated: 1, unchanged: 1, failed: 0 })
  await ask(422, 'POST', '/products/bulk', { catalogId: newId(), products: [row('b1')] })
  const tooMany = Array.from({ length: 1_001 }, (_, at) => row(`m${at}`))
  expect(await ask(400, 'POST', '/products/bulk', { catalogId, products: tooMany })).toMatchObject({
    fields: [{ field: 'products' }],
  })
  expect(await ask(200, 'POST', '/products/bulk', { catalogId, products: tooMany.slice(1) })).toMatchObject({
    created: 1_000,
  })
})

test('a list holds what it was given, a rule what fits now', async () => {
  const shop = await ask<{ id: string }>(201, 'POST', '/catalogs', { name: 'Sets' })
  const red = await make('s-red', { catalogId: shop.id, brand: 'Red', price: 100 })
  const blue = await make('s-blue', { catalogId: shop.id, brand: 'Blue', price: 200 })
  const elsewhere = await make('s-elsewhere')
  const list = await ask<Item>(201, 'POST', '/product-sets', {
    catalogId: shop.id,
    name: 'Chosen',
    kind: 'list',
    productIds: [blue.id, red.id, blue.id],
  })
  expect(list).toMatchObject({ kind: 'list', filter: null, products: 2 })
  const rule = await ask<Item>(201, 'POST', '/product-sets', {
    catalogId: shop.id,
    name: 'Dear',
    kind: 'rule',
    filter: { minPrice: 150, brands: ['blue', 'red'] },
  })
  expect(rule).toMatchObject({ products: 1, filter: { minPrice: 150, brands: ['blue', 'red'] } })
  expect(await listed(`setId=${rule.id}`)).toEqual(['s-blue'])
  await ask(200, 'PATCH', `/products/${red.id}`, { price: 1_000 })
  expect(await listed(`setId=${rule.id}&sort=name`)).toEqual(['s-blue', 's-red'])
  await ask(200, 'POST', `/products/${blue.id}/archive`)
  expect(await ask(200, 'GET', `/product-sets/${rule.id}`)).toMatchObject({ products: 1 })
  expect(
    await ask(200, 'PATCH', `/product-sets/${list.id}`, { name: 'One', productIds: [red.id] }),
  ).toMatchObject({
    name: 'One',
    products: 1,
  })
  expect(await ask(200, 'PATCH', `/product-sets/${rule.id}`, { filter: { search: 'none' } })).toMatchObject({
    name: 'Dear',
    products: 0,
  })
  expect(await ask(200, 'PATCH', `/product-sets/${rule.id}`, { name: 'Rule' })).toMatchObject({
    filter: { search: 'none' },
  })
  expect(
    await ask(422, 'PATCH', `/product-sets/${list.id}`, { productIds: [red.id, elsewhere.id] }),
  ).toMatchObject({
    fields: [{ field: 'productIds.1' }],
  })
  expect(await ask(200, 'GET', `/product-sets/${list.id}`)).toMatchObject({ products: 1 })
  expect(await ask(400, 'PATCH', `/product-sets/${rule.id}`, { productIds: [] })).toMatchObject({
    fields: [{ field: 'productIds' }],
  })
  const wrong = { catalogId: shop.id, name: 'Wrong', kind: 'rule' }
  expect(await ask(400, 'POST', '/product-sets', wrong)).toMatchObject({ fields: [{ field: 'filter' }] })
  expect(await ask(400, 'POST', '/product-sets', { ...wrong, filter: { colour: ['red'] } })).toMatchObject({
    fields: [{ field: 'filter.colour' }],
  })
  expect(await ask(409, 'POST', '/product-sets', { ...wrong, kind: 'list', name: 'one' })).toMatchObject({
    fields: [{ field: 'name' }],
  })
  expect(
    (await ask<Page<Item>>(200, 'GET', `/product-sets?catalogId=${shop.id}`)).items.map(({ id }) => id),
  ).toEqual([rule.id, list.id])
  await ask(204, 'DELETE', `/product-sets/${list.id}`)
  await ask(404, 'GET', `/product-sets/${list.id}`)
  await ask(200, 'GET', `/products/${red.id}`)
})

test('a product message is composed of products that are there', async () => {
  await make('m-1', { images: ['https://shop.example/1.jpg'] })
  await make('m-2', { visibility: 'hidden' })
  const path = `/catalogs/${catalogId}/compose-message`
  const sections = [{ title: 'All', retailerIds: ['m-1', 'm-2'] }]
  expect(await ask(200, 'POST', path, { kind: 'products', header: 'New', body: 'Look', sections })).toEqual({
    message: {
      type: 'interactive',
      interactive: {
        type: 'product_list',
        header: { type: 'text', text: 'New' },
        body: { text: 'Look' },
        action: {
          catalog_id: '4711',
          sections: [
            { title: 'All', product_items: [{ product_retailer_id: 'm-1' }, { product_retailer_id: 'm-2' }] },
          ],
        },
      },
    },
    warnings: [{ retailerId: 'm-2', message: 'is hidden' }],
  })
  expect(await ask(422, 'POST', path, { kind: 'product', retailerId: 'm-3' })).toMatchObject({
    fields: [{ field: 'retailerId', message: 'the catalog has no product "m-3"' }],
  })
  const bare = await ask<{ id: string }>(201, 'POST', '/catalogs', { name: 'Without Meta' })
  await ask(422, 'POST', `/catalogs/${bare.id}/compose-message`, { kind: 'catalog', body: 'Look' })
})
