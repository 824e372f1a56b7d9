import { newId } from '../../src/db/columns.ts'
import type { Page } from '../support/workspace-api.ts'
import { openCatalogRig, type CatalogRig } from './catalog-rig.ts'

let rig: CatalogRig

beforeAll(async () => {
  rig = await openCatalogRig()
})
afterAll(() => rig.api.close())

interface Report {
  rows: number
  rejected: number
  rejects: { row: number; id: string; column: string; reason: string }[]
}
async function upload(file: string | Buffer, query = '', catalogId = rig.catalogId) {
  const response = await fetch(`${rig.api.url}/platform/v1/catalogs/${catalogId}/import${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${rig.ours.key}`, 'content-type': 'text/csv' },
    body: typeof file === 'string' ? file : new Uint8Array(file),
  })
  return { status: response.status, body: (await response.json()) as Report & { fields?: object[] } }
}
const download = (catalogId: string, token = rig.ours.key) =>
  rig.api.ask('GET', `/platform/v1/catalogs/${catalogId}/export`, { token })
const catalog = async (name: string) =>
  (await rig.ask<{ id: string }>(201, 'POST', '/catalogs', { name, source: 'csv' })).id
const products = async (catalogId: string) =>
  (
    await rig.ask<Page<Record<string, unknown>>>(
      200,
      'GET',
      `/products?catalogId=${catalogId}&sort=retailer-id`,
    )
  ).items

test('a feed fills a catalog; its wrong rows are named with row, column and reason', async () => {
  const catalogId = await catalog('Feed')
  const feed = [
    '# Required | A unique id, at most 100 characters\n',
    'id,title,Description,price,availability,Image Link,colour,custom_label_0\r\n',
    'f-1,"Shirt, ""blue""\nand long",Fine,9.99 USD,in_stock,https://shop.example/1.jpg,blue,new\r\n',
    'f-2,Hat,,1200 JPY,,,,\r\n',
    ',Nameless,,1 USD,,,,\r\n',
    '\r\n',
    'f-3,Free,,free,soon,,,\r\n',
    'f-1,Again,,1 USD,,,,\r\n',
    'f-4,Ragged,,1 USD,,,,,,,surplus\r\n',
    'f-5,"never closed,,1 USD,,,,\r\n',
    "f-6,'=HYPERLINK(),,1 USD,,,,",
  ].join('')
  const expected = {
    ...{ rows: 9, created: 3, updated: 0, unchanged: 0, rejected: 6, ignoredColumns: ['colour'] },
    rejects: [
      { row: 5, id: '', column: 'id', reason: 'is required' },
      { row: 7, id: 'f-3', column: 'price', reason: 'must be an amount and a currency, like 9.99 USD' },
      { row: 7, id: 'f-3', column: 'availability', reason: expect.stringContaining('in stock') as string },
      { row: 8, id: 'f-1', column: 'id', reason: 'stands in row 3 already' },
      { row: 9, id: '', column: '', reason: 'has 11 cells, and the header has 8' },
      { row: 10, id: '', column: '', reason: 'a quote is opened and never closed' },
    ],
  }
  expected.rejected = 5
  expected.rows = 8
  expect(await upload(feed, '?dryRun=true', catalogId)).toEqual({
    status: 200,
    body: { ...expected, dryRun: true },
  })
  expect(await products(catalogId)).toEqual([])
  expect(await upload(feed, '', catalogId)).toEqual({ status: 200, body: { ...expected, dryRun: false } })
  expect(await products(catalogId)).toMatchObject([
    {
      ...{
        retailerId: 'f-1',
        name: 'Shirt, "blue"\nand long',
        description: 'Fine',
        price: 999,
        currency: 'USD',
      },
      ...{ images: ['https://shop.example/1.jpg'], labels: ['new'], source: 'csv' },
    },
    { retailerId: 'f-2', name: 'Hat', price: 1_200, currency: 'JPY', images: [] },
    { retailerId: 'f-6', name: '=HYPERLINK()' },
  ])
  expect((await upload(feed, '?dryRun=true', catalogId)).body).toMatchObject({
    created: 0,
    updated: 0,
    unchanged: 3,
  })
})

test('what is exported is harmless in a spreadsheet, and imported again changes nothing', async () => {
  const catalogId = await catalog('Round')
  const row = (retailerId: string, more: object) => ({
    retailerId,
    name: 'x',
    price: 5,
    currency: 'KWD',
    ...more,
  })
  await rig.ask(200, 'POST', '/products/bulk', {
    catalogId,
    products: [
      row('=1+1', { name: '@SUM(A1)', description: '+49', labels: ['', '-2+3'] }),
      row('r-2', { salePrice: 1, saleFrom: '2026-11-01T00:00:00.000Z', brand: 'Ä "quoted", name' }),
      ...Array.from({ length: 998 }, (_, at) => row(`many-${at}`, {})),
    ],
  })
  await rig.ask(200, 'POST', '/products/bulk', { catalogId, products: [row('z', {}), row('zz', {})] })
  const { status, headers, text } = await download(catalogId)
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(headers.get('content-disposition')).toBe(`attachment; filename=catalog-${catalogId}.csv`)
  expect(text.trim().split('\r\n')).toHaveLength(1_003)
  expect(text).toContain("\r\n'=1+1,'@SUM(A1),+49,")
  expect((await upload(text, '?dryRun=true', catalogId)).body).toMatchObject({
    ...{ rows: 1_002, created: 0, rejected: 0, ignoredColumns: [] },
  })
  await upload(text, '', catalogId)
  expect((await upload(text, '', catalogId)).body).toMatchObject({ updated: 0, unchanged: 1_002 })
  expect((await download(catalogId)).text).toBe(text)
  expect((await download(catalogId, rig.theirs.key)).status).toBe(404)
  expect((await download(newId())).status).toBe(404)
})

test.each([
  ['that is empty', '', 'the file is empty'],
  ['without prices', 'id,title\na,b', 'the first row must name the columns: price missing'],
  ['with a column twice', 'id,ID,title,price\n', 'the column id stands there twice'],
  [
    'of Excel',
    Buffer.from('504b030414000600', 'hex'),
    'this is an Excel or ZIP file: save the sheet as CSV (UTF-8)',
  ],
  [
    'that is broken in its middle',
    Buffer.concat([Buffer.from('id,title,price\né,'), Buffer.alloc(100_000, 'a'), Buffer.from([0xff])]),
    /it is not: save it as CSV/,
  ],
])('a file %s is refused as a whole', async (_what, file, reason) => {
  const { status, body } = await upload(file, '?dryRun=true')
  expect(status).toBe(422)
  const message = typeof reason === 'string' ? reason : expect.stringMatching(reason)
  expect(body.fields).toEqual([{ field: 'file', message }])
})

test('a file of Windows letters is read as what it is', async () => {
  const catalogId = await catalog('Windows')
  await upload(Buffer.from('id;title;price\nw-1;Größe;1 EUR', 'latin1'), '', catalogId)
  expect(await products(catalogId)).toMatchObject([{ retailerId: 'w-1', name: 'Größe' }])
})

test('a feed of another workspace, of another type or for no catalog is refused', async () => {
  const ask = (catalogId: string, token: string, type: string) =>
    rig.api.ask('POST', `/platform/v1/catalogs/${catalogId}/import`, {
      token,
      body: 'id,title,price\nx,x,1 USD',
      headers: { 'content-type': type },
    })
  expect((await ask(rig.catalogId, rig.theirs.key, 'text/csv')).status).toBe(404)
  expect((await ask(newId(), rig.ours.key, 'text/csv')).status).toBe(404)
  expect((await ask(rig.catalogId, rig.ours.key, 'image/png')).status).toBe(415)
})

test('a feed of many batches is written; of its rejects the first thousand are told', async () => {
  const catalogId = await catalog('Large')
  const rows = Array.from({ length: 3_500 }, (_, at) => `n-${at % 1_750},Title ${at},1.00 USD`)
  const { body } = await upload(`id,title,price\n${rows.join('\n')}`, '', catalogId)
  expect(body).toMatchObject({ rows: 3_500, created: 1_750, rejected: 1_750 })
  expect(body.rejects).toHaveLength(1_000)
})

test('a feed of 200,000 rows is read, and one with a row more is refused', async () => {
  const feed = (count: number) => `id,title,price\n${'x,x,1 USD,ragged\n'.repeat(count)}`
  expect((await upload(feed(200_000), '?dryRun=true')).body).toMatchObject({ rejected: 200_000 })
  expect((await upload(feed(200_001), '?dryRun=true')).status).toBe(413)
}, 60_000)
