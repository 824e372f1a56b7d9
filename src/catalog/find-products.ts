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

/**
 * A `ProductFilter` as SQL reads it, given or stored. One text for all of them (an absent field is null), so that no filter
 * makes a statement of its own.
 */
const filterFields = `f(search text, "retailerIds" jsonb, brands jsonb, categories jsonb, availabilities jsonb, conditions jsonb,
  visibilities jsonb, "groupIds" jsonb, labels jsonb, currency text, "minPrice" bigint, "maxPrice" bigint, "onSale" boolean)`
const holds = (text: string) => `strpos(lower(${text}), lower(f.search)) > 0`
const isAny = (field: string, condition: string) =>
  `(f.${field} is null or exists (select 1 from jsonb_array_elements_text(f.${field}) w where ${condition}))`
const isOnSale = `(p.sale_price is not null and coalesce(p.sale_from <= now(), true) and coalesce(p.sale_to > now(), true))`
/** SQL condition: product `p` fits the filter `f`. */
const fits = [
  `(f.search is null or ${['p.name', 'p.retailer_id', 'p.brand'].map(holds).join(' or ')})`,
  isAny('"retailerIds"', 'p.retailer_id = w'),
  isAny('brands', 'lower(p.brand) = lower(w)'),
  isAny('categories', `lower(p.category) = lower(w) or starts_with(lower(p.category), lower(w) || ' > ')`),
  isAny('availabilities', 'p.availability = w'),
  isAny('conditions', 'p.condition = w'),
  isAny('visibilities', 'p.visibility = w'),
  isAny('"groupIds"', 'p.group_id = w'),
  isAny('labels', 'exists (select 1 from jsonb_array_elements_text(p.labels) l where lower(l) = lower(w))'),
  `(f.currency is null or p.currency = f.currency)`,
  `(f."minPrice" is null or p.price >= f."minPrice")`,
  `(f."maxPrice" is null or p.price <= f."maxPrice")`,
  `(f."onSale" is null or f."onSale" = ${isOnSale})`,
].join(' and ')

/** SQL: product `p` is in the set `s`: as listed, or as its rule picks it. */
const isInSet = `p.catalog_id = s.catalog_id and case s.kind
  when 'list' then exists (select 1 from product_set_items i where i.set_id = s.id and i.product_id = p.id)
  else (select ${fits} from jsonb_to_record(s.filter) as ${filterFields}) end`

/** What the next page is after: the sort key of the page's last row, and its id. */
const sorts = {
  newest: { key: 'p.id', type: 'uuid', direction: 'desc', schema: z.uuid() },
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

/** Products with the key that they are sorted by, for the next page. */
export async function listProducts(
  em: Em,
  query: ProductQuery,
): Promise<(ProductRow & { sortKey: string })[]> {
  const { workspaceId, catalogId = null, setId = null, filter, archived, sort, after, limit } = query
  const { key, type, direction } = sorts[sort]
  const shown = type === 'timestamptz' ? exactTime(key) : `(${key})::text`
  const isAfter = `(${key}, p.id) ${direction === 'asc' ? '>' : '<'} (?::${type}, ?::uuid)`
  return em.execute<(ProductRow & { sortKey: string })[]>(
    `select ${productColumns}, ${shown} as "sortKey"
     from products p cross join jsonb_to_record(?::jsonb) as ${filterFields}
     where p.workspace_id = ? and (?::uuid is null or p.catalog_id = ?) and (p.archived_at is not null) = ? and ${fits}
       and (?::uuid is null or exists (select 1 from product_sets s where s.id = ? and s.workspace_id = p.workspace_id and ${isInSet}))
       and (?::text is null or ${isAfter})
     order by ${key} ${direction}, p.id ${direction} limit ?`,
    [
      JSON.stringify(filter),
      workspaceId,
      ...[catalogId, catalogId, archived, setId, setId],
      ...[after?.[0] ?? null, after?.[0] ?? null, after?.[1] ?? null, limit],
    ],
  )
}

/** How many products are in each set, without those in the archive. */
export async function countInSets(
  em: Em,
  workspaceId: string,
  setIds: string[],
): Promise<Map<string, number>> {
  const rows = await em.execute<{ id: string; count: number }[]>(
    `select s.id, (select count(*)::int from products p where p.archived_at is null and ${isInSet}) as count
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
