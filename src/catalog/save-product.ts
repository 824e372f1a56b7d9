import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { toFieldErrors } from '../kit/field-errors.ts'
import { productSchema, type Product } from '../model/catalog.ts'
import { AppError } from '../model/errors.ts'
import { getProduct, type ProductRow } from './find-products.ts'
import { requireCatalog } from './manage-catalogs.ts'
import { upsertProducts } from './upsert-products.ts'

type Database = Pick<Deps, 'orm'>
interface Whose {
  workspaceId: string
  productId: string
}

interface KnownProduct {
  id: string
  archived: boolean
}

/** A product made by hand: its retailer id must be new in the catalog. */
export async function createProduct(
  deps: Database,
  { workspaceId, catalogId, product }: { workspaceId: string; catalogId: string; product: Product },
): Promise<ProductRow> {
  const { retailerId } = product
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await requireCatalog(em, { workspaceId, catalogId })
    const known = await findByRetailerId(em, catalogId, retailerId)
    if (!known) {
      const products = [product]
      const { created } = await upsertProducts(em, { workspaceId, catalogId, source: 'manual', products })
      const made = await findByRetailerId(em, catalogId, retailerId)
      if (made && created === 1) return getProduct(em, { workspaceId, productId: made.id })
      // Somebody made it since the look: what we wrote over it is undone with the transaction.
      throw retailerIdTaken(retailerId, made)
    }
    throw retailerIdTaken(retailerId, known)
  })
}

function retailerIdTaken(retailerId: string, known: KnownProduct | undefined): AppError {
  const where = known?.archived ? ' in the archive: restore it' : ''
  const message = `the catalog has a product "${retailerId}" already${where}`
  const fields = [{ field: 'retailerId', message }]
  return new AppError('conflict', message, { fields, details: { productId: known?.id ?? null } })
}

async function findByRetailerId(em: Em, catalogId: string, retailerId: string) {
  const [row] = await em.execute<KnownProduct[]>(
    'select id, archived_at is not null as archived from products where catalog_id = ? and retailer_id = ?',
    [catalogId, retailerId],
  )
  return row
}

/** What is not named stays. The whole must be right afterwards: a sale price fits the price that is there. */
export async function changeProduct(
  deps: Database,
  whose: Whose,
  change: { [Key in keyof Product]?: Product[Key] | undefined },
): Promise<ProductRow> {
  const { workspaceId, productId } = whose
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const lock = 'select 1 from products where workspace_id = ? and id = ? for update'
    await em.execute(lock, [workspaceId, productId])
    const stored = await getProduct(em, whose)
    const given = Object.entries(change).filter(([, value]) => value !== undefined)
    const parsed = productSchema.safeParse({ ...stored, ...Object.fromEntries(given) })
    if (!parsed.success) {
      const message = 'the product would not be right'
      throw new AppError('invalid_input', message, { fields: toFieldErrors(parsed.error) })
    }
    const { catalogId, source } = stored
    await upsertProducts(em, { workspaceId, catalogId, source, products: [parsed.data] })
    return getProduct(em, whose)
  })
}

/** Archived products are shown nowhere but in the archive; orders still know them. */
export async function archiveProduct(
  deps: Database,
  whose: Whose,
  { archived }: { archived: boolean },
): Promise<ProductRow> {
  const em = forkFor(deps.orm, whose.workspaceId)
  await em.execute(
    `update products set archived_at = case when ? then now() end, updated_at = now()
     where workspace_id = ? and id = ? and (archived_at is not null) <> ?`,
    [archived, whose.workspaceId, whose.productId, archived],
  )
  return getProduct(em, whose)
}

/** For good; lines of orders keep its retailer id and name. */
export async function deleteProduct(deps: Database, { workspaceId, productId }: Whose): Promise<void> {
  const deleted = await forkFor(deps.orm, workspaceId).execute<object[]>(
    'delete from products where workspace_id = ? and id = ? returning id',
    [workspaceId, productId],
  )
  if (deleted.length === 0) throw new AppError('not_found', `product ${productId} does not exist`)
}
