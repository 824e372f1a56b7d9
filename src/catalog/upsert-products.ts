import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import type { Product } from '../model/catalog.ts'
import type { CatalogView } from './manage-catalogs.ts'

/** A product, and where a sync has it from. */
export type SourcedProduct = Product & {
  sourceRef?: string | null | undefined
  /** When the source last changed it: what is older than what we have is left aside. */
  sourceUpdatedAt?: string | null | undefined
}
export interface UpsertResult {
  created: number
  updated: number
  /** As they were before. */
  unchanged: number
  /** Older than what is there. */
  stale: number
}

/** Columns that a product brings; the order is that of `columnTypes`. */
const columnTypes = {
  retailer_id: 'text',
  name: 'text',
  description: 'text',
  price: 'bigint',
  currency: 'text',
  sale_price: 'bigint',
  sale_from: 'timestamptz',
  sale_to: 'timestamptz',
  availability: 'text',
  condition: 'text',
  brand: 'text',
  category: 'text',
  url: 'text',
  images: 'jsonb',
  group_id: 'text',
  variant: 'jsonb',
  labels: 'jsonb',
  visibility: 'text',
  source_ref: 'text',
  source_updated_at: 'timestamptz',
}
const columns = Object.keys(columnTypes)
const changing = columns.filter(
  (column) => !['retailer_id', 'source_ref', 'source_updated_at'].includes(column),
)
const list = (names: string[], of = '') => names.map((name) => of + name).join(', ')
const recordset = `n(id uuid, ${Object.entries(columnTypes)
  .map(([name, type]) => `${name} ${type}`)
  .join(', ')})`

/** Without a time it is of now; a time that comes again may say more than it did. Who archived a product restores it. */
const upsertSql = `
  insert into products as p (id, workspace_id, catalog_id, source, ${list(columns)})
  select n.id, ?, ?, ?, ${list(columns, 'n.')} from jsonb_to_recordset(?::jsonb) as ${recordset} order by n.retailer_id
  on conflict (catalog_id, retailer_id) do update set source = excluded.source, updated_at = now(),
    source_ref = coalesce(excluded.source_ref, p.source_ref),
    source_updated_at = coalesce(excluded.source_updated_at, p.source_updated_at),
    ${changing.map((column) => `${column} = excluded.${column}`).join(', ')}
  where (p.source_updated_at is null or excluded.source_updated_at is null or excluded.source_updated_at >= p.source_updated_at)
    and (p.source, p.source_ref, p.source_updated_at, ${list(changing, 'p.')}) is distinct from (excluded.source,
      coalesce(excluded.source_ref, p.source_ref), coalesce(excluded.source_updated_at, p.source_updated_at),
      ${list(changing, 'excluded.')})
  returning p.retailer_id, p.xmax = 0 as created`

/**
 * Writes products of a catalog, whole, in the caller's transaction: a product that is there is replaced. Repeating
 * it changes nothing, and what a source told earlier never overwrites what it told later.
 * Of several rows with one retailer id the newest counts, without times the last.
 */
export async function upsertProducts(
  em: Em,
  input: {
    workspaceId: string
    catalogId: string
    source: CatalogView['source']
    products: SourcedProduct[]
  },
): Promise<UpsertResult> {
  const { workspaceId, catalogId, source } = input
  const products = newestOfEach(input.products)
  if (products.length === 0) return { created: 0, updated: 0, unchanged: input.products.length, stale: 0 }
  const rows = JSON.stringify(products.map(toRow))
  const written = await em.execute<{ retailer_id: string; created: boolean }[]>(upsertSql, [
    workspaceId,
    catalogId,
    source,
    rows,
  ])
  const created = written.filter((row) => row.created).length
  const mayBeStale = written.length < products.length && products.some((each) => each.sourceUpdatedAt)
  const stale = mayBeStale ? await countStale(em, catalogId, rows) : 0
  return {
    created,
    updated: written.length - created,
    unchanged: input.products.length - written.length - stale,
    stale,
  }
}

function newestOfEach(products: SourcedProduct[]): SourcedProduct[] {
  const newest = new Map<string, SourcedProduct>()
  for (const product of products) {
    const known = newest.get(product.retailerId)
    if (!known || timeOf(product) >= timeOf(known)) newest.set(product.retailerId, product)
  }
  return [...newest.values()]
}

function timeOf({ sourceUpdatedAt }: SourcedProduct): number {
  return sourceUpdatedAt ? Date.parse(sourceUpdatedAt) : Number.POSITIVE_INFINITY
}

async function countStale(em: Em, catalogId: string, rows: string): Promise<number> {
  const [row] = await em.execute<{ count: number }[]>(
    `select count(*)::int as count from jsonb_to_recordset(?::jsonb) as n(retailer_id text, source_updated_at timestamptz)
     cross join lateral (select source_updated_at from products where catalog_id = ? and retailer_id = n.retailer_id) p
     where p.source_updated_at > n.source_updated_at`,
    [rows, catalogId],
  )
  return row?.count ?? 0
}

/** As `recordset` reads it. */
function toRow(product: SourcedProduct) {
  return {
    id: newId(),
    retailer_id: product.retailerId,
    name: product.name,
    description: product.description ?? null,
    price: product.price,
    currency: product.currency,
    sale_price: product.salePrice ?? null,
    sale_from: product.saleFrom ?? null,
    sale_to: product.saleTo ?? null,
    availability: product.availability,
    condition: product.condition,
    brand: product.brand ?? null,
    category: product.category ?? null,
    url: product.url ?? null,
    images: product.images,
    group_id: product.groupId ?? null,
    variant: product.variant,
    labels: product.labels,
    visibility: product.visibility,
    source_ref: product.sourceRef ?? null,
    source_updated_at: product.sourceUpdatedAt ?? null,
  }
}
