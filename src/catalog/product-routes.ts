import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import {
  availabilities,
  catalogSources,
  conditions,
  missingForMeta,
  productChangeSchema,
  productFilterSchema,
  productSchema,
  variantNames,
  visibilities,
} from '../model/catalog.ts'
import { formatMoney } from '../model/money.ts'
import { bulkUpsert } from './bulk-products.ts'
import { cursorSchema, getProduct, listProducts, sortNames, type ProductRow } from './find-products.ts'
import { archiveProduct, changeProduct, createProduct, deleteProduct } from './save-product.ts'

const text = z.string().nullable()
const time = z.iso.datetime().nullable()
const productView = z
  .object({
    id: z.uuid(),
    catalogId: z.uuid(),
    retailerId: z.string(),
    name: z.string(),
    description: text,
    price: z.int().meta({ description: 'in minor units' }),
    currency: z.string(),
    priceText: z.string().meta({ example: '9.99 USD' }),
    salePrice: z.int().nullable(),
    saleFrom: time,
    saleTo: time,
    availability: z.enum(availabilities),
    condition: z.enum(conditions),
    brand: text,
    category: text,
    url: text,
    images: z.array(z.string()),
    groupId: text,
    variant: z.partialRecord(z.enum(variantNames), z.string()),
    labels: z.array(z.string()),
    visibility: z.enum(visibilities),
    missing: z.array(z.string()).meta({ description: 'what Meta asks of a product and this one lacks' }),
    source: z.enum(catalogSources),
    sourceRef: text,
    sourceUpdatedAt: time,
    archivedAt: time,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Product' })

/** In a query several values stand with commas between them. */
const several = <T extends z.ZodType<string, string>>(one: T) =>
  z
    .string()
    .max(2_000)
    .transform((given) => given.split(',').map((each) => each.trim()))
    .pipe(z.array(one).min(1).max(100))
    .optional()
const word = z.string().min(1).max(200)
const listQuery = page.query.extend({
  catalogId: z.uuid().optional(),
  setId: z.uuid().optional().meta({ description: 'products of this set' }),
  search: productFilterSchema.shape.search,
  brand: several(word).meta({ description: 'several with commas between them: any of them' }),
  category: several(word),
  availability: several(z.enum(availabilities)),
  condition: several(z.enum(conditions)),
  visibility: several(z.enum(visibilities)),
  groupId: z.string().max(100).optional().meta({ description: 'the variants of one product' }),
  label: several(word),
  currency: productFilterSchema.shape.currency,
  minPrice: z.coerce.number().int().min(0).optional(),
  maxPrice: z.coerce.number().int().min(0).optional(),
  onSale: z.stringbool().optional(),
  archived: z
    .stringbool()
    .default(false)
    .meta({ description: 'those in the archive, instead of those outside' }),
  sort: z.enum(sortNames).default('newest'),
})

const path = '/platform/v1/products'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Products', auth: 'key' } as const

const collectionRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List, search and filter products',
    input: { query: listQuery },
    output: page.of(productView),
    handle: async ({ deps, actor: { workspaceId }, query }) => {
      const { limit, cursor, catalogId, setId, archived, sort } = query
      const after = decodeCursor(cursor, cursorSchema(sort))
      const filter = toFilter(query)
      const rows = await listProducts(forkFor(deps.orm, workspaceId), {
        ...{ workspaceId, catalogId, setId, filter, archived, sort, after },
        limit: limit + 1,
      })
      const { items, nextCursor } = page.cut(rows, limit, ({ sortKey, id }) => [sortKey, id])
      return { items: items.map(toView), nextCursor }
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Create a product',
    status: 201,
    input: { body: productSchema.safeExtend({ catalogId: z.uuid() }) },
    output: productView,
    handle: async ({ deps, actor: { workspaceId }, body: { catalogId, ...product } }) =>
      toView(await createProduct(deps, { workspaceId, catalogId, product })),
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/bulk`,
    summary: 'Create or replace up to 1,000 products by their retailer ids',
    description: [
      'The body has at most 1 MB. A row is the whole product; repeating the request changes nothing. Rows that are wrong are',
      'named with their fields, and the others are written, all in one transaction; with `allOrNothing` nothing is then.',
    ].join(' '),
    input: {
      body: z.object({
        catalogId: z.uuid(),
        products: z.array(z.unknown()).min(1).max(1_000).meta({ description: 'each as for creating one' }),
        allOrNothing: z.boolean().default(false),
      }),
    },
    output: z.object({
      created: z.int(),
      updated: z.int(),
      unchanged: z.int(),
      failed: z.int(),
      errors: z.array(z.object({ row: z.int(), retailerId: text, field: z.string(), message: z.string() })),
    }),
    handle: async ({ deps, actor: { workspaceId }, body: { catalogId, products, allOrNothing } }) =>
      bulkUpsert(deps, { workspaceId, catalogId, rows: products, allOrNothing }),
  }),
]

const itemRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show a product',
    input: { params },
    output: productView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      toView(await getProduct(forkFor(deps.orm, workspaceId), { workspaceId, productId: id })),
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${path}/:id`,
    summary: 'Change a product',
    description: 'Fields that are not named stay; null empties one that may be empty.',
    input: { params, body: productChangeSchema },
    output: productView,
    handle: async ({ deps, actor: { workspaceId }, params: { id }, body }) =>
      toView(await changeProduct(deps, { workspaceId, productId: id }, body)),
  }),
  ...(['archive', 'restore'] as const).map((verb) =>
    defineRoute({
      ...base,
      method: 'post',
      path: `${path}/:id/${verb}`,
      summary: verb === 'archive' ? 'Put a product into the archive' : 'Take a product out of the archive',
      input: { params },
      output: productView,
      handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
        toView(await archiveProduct(deps, { workspaceId, productId: id }, { archived: verb === 'archive' })),
    }),
  ),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Delete a product for good; orders keep its id and name',
    status: 204,
    input: { params },
    output: z.void(),
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      deleteProduct(deps, { workspaceId, productId: id }),
  }),
]

export const productRoutes: Route[] = [...collectionRoutes, ...itemRoutes]

function toFilter(query: z.output<typeof listQuery>) {
  const { search, brand, category, availability, condition, visibility, groupId, label } = query
  const { currency, minPrice, maxPrice, onSale } = query
  return {
    ...{ search, brands: brand, categories: category, availabilities: availability, conditions: condition },
    ...{ visibilities: visibility, groupIds: groupId === undefined ? undefined : [groupId], labels: label },
    ...{ currency, minPrice, maxPrice, onSale },
  }
}

function toView(row: ProductRow) {
  const { price, currency } = row
  return { ...row, priceText: formatMoney({ minor: price, currency }), missing: missingForMeta(row) }
}
