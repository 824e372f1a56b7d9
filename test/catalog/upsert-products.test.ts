import { upsertProducts, type SourcedProduct } from '../../src/catalog/upsert-products.ts'
import { forkFor } from '../../src/db/orm.ts'
import { productSchema } from '../../src/model/catalog.ts'
import { openCatalogRig, type CatalogRig } from './catalog-rig.ts'

let rig: CatalogRig

beforeAll(async () => {
  rig = await openCatalogRig()
})
afterAll(() => rig.api.close())

const told = (retailerId: string, name: string, at: string | null): SourcedProduct => ({
  ...productSchema.parse({ retailerId, name, price: 100, currency: 'USD' }),
  sourceRef: `gid://${retailerId}`,
  sourceUpdatedAt: at,
})
const sync = (...products: SourcedProduct[]) =>
  forkFor(rig.api.deps.orm, rig.ours.workspaceId).transactional((em) =>
    upsertProducts(em, {
      ...{ workspaceId: rig.ours.workspaceId, catalogId: rig.catalogId, source: 'shopify', products },
    }),
  )
const stored = async (retailerId: string) =>
  (
    await rig.rows<{ id: string; name: string }>(
      'select id, name, source, source_ref from products where retailer_id = $1',
      [retailerId],
    )
  )[0]
const times = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z'] as const

test('what a source told earlier never overwrites what it told later, in any order', async () => {
  expect(await sync(told('a', 'second', times[1]))).toEqual({
    created: 1,
    updated: 0,
    unchanged: 0,
    stale: 0,
  })
  expect(await sync(told('a', 'first', times[0]))).toEqual({ created: 0, updated: 0, unchanged: 0, stale: 1 })
  expect(await sync(told('a', 'second', times[1]))).toEqual({
    created: 0,
    updated: 0,
    unchanged: 1,
    stale: 0,
  })
  expect(await sync(told('a', 'third', times[2]))).toEqual({ created: 0, updated: 1, unchanged: 0, stale: 0 })
  expect(await stored('a')).toMatchObject({ name: 'third', source: 'shopify', source_ref: 'gid://a' })
})

test('of several rows for one product the newest counts', async () => {
  const batch = [
    told('b', 'new', times[2]),
    told('b', 'old', times[0]),
    told('c', 'one', null),
    told('c', 'two', null),
  ]
  expect(await sync(...batch)).toMatchObject({ created: 2 })
  expect([(await stored('b'))?.name, (await stored('c'))?.name]).toEqual(['new', 'two'])
})

test('syncs at once end with the newest', async () => {
  await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      sync(
        told('d', `version ${at}`, `2026-02-${String(at + 1).padStart(2, '0')}T00:00:00Z`),
        told('e', 'same', times[0]),
      ),
    ),
  )
  expect(await stored('d')).toMatchObject({ name: 'version 19' })
})

test('what a person changed or archived stays known to its source, and a sync takes nothing out of the archive', async () => {
  await sync(told('f', 'synced', times[1]))
  const id = (await stored('f'))?.id ?? ''
  expect(await rig.ask(200, 'PATCH', `/products/${id}`, { name: 'by hand' })).toMatchObject({
    ...{ source: 'shopify', sourceRef: 'gid://f', sourceUpdatedAt: '2026-01-02T00:00:00.000Z' },
  })
  expect(await sync(told('f', 'late', times[0]))).toMatchObject({ stale: 1 })
  await rig.ask(200, 'POST', `/products/${id}/archive`)
  await sync(told('f', 'newer', times[2]))
  expect(await rig.ask(200, 'GET', `/products/${id}`)).toMatchObject({
    name: 'newer',
    archivedAt: expect.any(String) as string,
  })
})
