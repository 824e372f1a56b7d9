import { z } from 'zod'
import { exactTime, isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import type { Product, ProductFilter } from '../model/catalog.ts'
import { AppError } from '../model/errors.ts'
import type { CatalogView } from './manage-catalogs.ts'

/** A product as stored; absent is null. */
export type ProductRow = { [Key in keyof Product]-?: Exclude<Product[Key], undefined> } & {
  id: string
  catalogId: string
  source: CatalogView['source']
  sourceRef: string | null
  sourceUpdatedAt: string | null
  archivedAt: string | null
  createdAt: string
  updatedAt: string
}

/** Prices are whole numbers below 2^53, which a double holds exactly. */
export const productColumns = `p.id, p.catalog_id as "catalogId", p.retailer_id as "retailerId", p.name, p.description,
  p.price::double precision as price, p.currency, p.sale_price::double precision as "salePrice",
  ${isoTime('p.sale_from')} as "saleFrom", ${isoTime('p.sale_to')} as "saleTo", p.availability, p.condition, p.brand,
  p.category, p.url, p.images, p.group_id as "groupId", p.variant, p.labels, p.visibility, p.source,
  p.source_ref as "sourceRef", ${isoTime('p.source_updated_at')} as "sourceUpdatedAt",
  ${isoTime('p.archived_at')} as "archivedAt", ${isoTime('p.created_at')} as "createdAt",
  ${isoTime('p.updated_at')} as "updatedAt"`

const isOnSale = `(p.sale_price is not null and coalesce(p.sale_from <= now(), true) and coalesce(p.sale_to > now(), true))`

/**
 * SQL condition: product `p` fits the `ProductFilter` that an SQL expression gives. One text for all filters (an absent field
 * is null), so that no filter makes a statement of its own.
 */
function fits(filter: string): string {
  const text = (field: string) => `(${filter} ->> '${field}')`
  const ifGiven = (field: string, condition: string) => `(${text(field)} is null or ${condition})`
  const holds = (column: string) => `strpos(lower(${column}), lower(${text('search')})) > 0`
  const isAny = (field: string, condition: string) =>
    ifGiven(
      field,
      `exists (select 1 from jsonb_array_elements_text(${filter} -> '${field}') w where ${condition})`,
    )
  return [
    ifGiven('search', `(${['p.name', 'p.retailer_id', 'p.brand'].map(holds).join(' or ')})`),
    isAny('retailerIds', 'p.retailer_id = w'),
    isAny('brands', 'lower(p.brand) = lower(w)'),
    isAny('categories', `lower(p.category) = lower(w) or starts_with(lower(p.category), lower(w) || ' > ')`),
    isAny('availabilities', 'p.availability = w'),
    isAny('conditions', 'p.condition = w'),
    isAny('visibilities', 'p.visibility = w'),
    isAny('groupIds', 'p.group_id = w'),
    isAny('labels', 'exists (select 1 from jsonb_array_elements_text(p.labels) l where lower(l) = lower(w))'),
    ifGiven('currency', `p.currency = ${text('currency')}`),
    ifGiven('minPrice', `p.price >= ${text('minPrice')}::bigint`),
    ifGiven('maxPrice', `p.price <= ${text('maxPrice')}::bigint`),
    ifGiven('onSale', `${isOnSale} = ${text('onSale')}::boolean`),
  ].join(' and ')
}

/** What the next page is after: the sort key of the page's last row, and its id. */
const sorts = {
  newest: { key: 'p.id', type: 'uuid', direction: 'desc', schema: z.uuid() },
  oldest: { key: 'p.id', type: 'uuid', direction: 'asc', schema: z.uuid() },
  name: { key: 'lower(p.name)', type: 'text', direction: 'asc', schema: z.string() },
  price: { key: 'p.price', type: 'bigint', direction: 'asc', schema: z.string().regex(/^\d{1,15}$/) },
  'price-desc': { key: 'p.price', type: 'bigint', direction: 'desc', schema: z.string().regex(/^\d{1,15}$/) },
  updated: { key: 'p.updated_at', type: 'timestamptz', direction: 'desc', schema: z.iso.datetime() },
  'retailer-id': { key: 'p.retailer_id', type: 'text', direction: 'asc', schema: z.string() },
} as const
export type ProductSort = keyof typeof sorts
export const sortNames = Object.keys(sorts) as ProductSort[]

/** The shape of a cursor of the list so sorted. */
export function cursorSchema(sort: ProductSort): z.ZodType<[string, string]> {
  return z.tuple([sorts[sort].schema, z.uuid()])
}

export interface ProductQuery {
  workspaceId: string
  catalogId?: string | undefined
  setId?: string | undefined
  filter: ProductFilter
  /** Those in the archive only, instead of those outside. */
  archived: boolean
  sort: ProductSort
  after?: [key: string, id: string] | undefined
  limit: number
}

/** Products with the key that they are sorted by, for the next page. A set that does not exist has none. */
export async function listProducts(
  em: Em,
  query: ProductQuery,
): Promise<(ProductRow & { sortKey: string })[]> {
  const set = query.setId === undefined ? [] : await conditionsOfSet(em, query.workspaceId, query.setId)
  if (!set) return []
  const { key, type, direction } = sorts[query.sort]
  const shown = type === 'timestamptz' ? exactTime(key) : `(${key})::text`
  const conditions = [...conditionsOf(query), ...set]
  return em.execute<(ProductRow & { sortKey: string })[]>(
    `select ${productColumns}, ${shown} as "sortKey" from products p
     where ${conditions.map(({ sql }) => sql).join(' and ')}
     order by ${key} ${direction}, p.id ${direction} limit ?`,
    [...conditions.flatMap(({ values }) => values), query.limit],
  )
}

interface Condition {
  sql: string
  values: string[]
}
const filterSql = fits('?::jsonb')
const filterUses = filterSql.split('?').length - 1

function fitting(filter: ProductFilter): Condition {
  return { sql: filterSql, values: Array<string>(filterUses).fill(JSON.stringify(filter)) }
}

/** Only what is asked for, so that PostgreSQL sees which index serves: some dozens of texts in all. */
function conditionsOf(query: ProductQuery): Condition[] {
  const { workspaceId, catalogId, filter, archived, sort, after } = query
  const { key, type, direction } = sorts[sort]
  const isAfter = `(${key}, p.id) ${direction === 'asc' ? '>' : '<'} (?::${type}, ?::uuid)`
  return [
    { sql: 'p.workspace_id = ?', values: [workspaceId] },
    { sql: `p.archived_at is ${archived ? 'not null' : 'null'}`, values: [] },
    ...(catalogId === undefined ? [] : [{ sql: 'p.catalog_id = ?', values: [catalogId] }]),
    ...(Object.values(filter).some((value) => value !== undefined) ? [fitting(filter)] : []),
    ...(after === undefined ? [] : [{ sql: isAfter, values: after }]),
  ]
}

/** A set's products: as listed, or as its rule picks them. */
async function conditionsOfSet(em: Em, workspaceId: string, setId: string): Promise<Condition[] | undefined> {
  const [set] = await em.execute<{ catalog_id: string; filter: ProductFilter | null }[]>(
    'select catalog_id, filter from product_sets where workspace_id = ? and id = ?',
    [workspaceId, setId],
  )
  if (!set) return undefined
  if (!set.filter) {
    const listed = 'p.id in (select product_id from product_set_items where set_id = ?)'
    return [{ sql: listed, values: [setId] }]
  }
  return [{ sql: 'p.catalog_id = ?', values: [set.catalog_id] }, fitting(set.filter)]
}

/** How many products are in each set, without those in the archive. */
export async function countInSets(
  em: Em,
  workspaceId: string,
  setIds: string[],
): Promise<Map<string, number>> {
  const rows = await em.execute<{ id: string; count: number }[]>(
    `select s.id, case s.kind
       when 'list' then (select count(*)::int from product_set_items i join products p on p.id = i.product_id
         where i.set_id = s.id and p.archived_at is null)
       else (select count(*)::int from products p
         where p.catalog_id = s.catalog_id and p.archived_at is null and ${fits('s.filter')}) end as count
     from product_sets s where s.workspace_id = ? and s.id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, JSON.stringify(setIds)],
  )
  return new Map(rows.map(({ id, count }) => [id, count]))
}

export async function getProduct(
  em: Em,
  { workspaceId, productId }: { workspaceId: string; productId: string },
): Promise<ProductRow> {
  const [row] = await em.execute<ProductRow[]>(
    `select ${productColumns} from products p where p.workspace_id = ? and p.id = ?`,
    [workspaceId, productId],
  )
  if (!row) throw new AppError('not_found', `product ${productId} does not exist`)
  return row
}
