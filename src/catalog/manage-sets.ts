import { UniqueConstraintViolationException } from '@mikro-orm/core'
import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { ProductFilter } from '../model/catalog.ts'
import { AppError } from '../model/errors.ts'
import { countInSets } from './find-products.ts'
import { requireCatalog } from './manage-catalogs.ts'

/** A list is filled by hand; a rule picks whatever fits its filter now. */
export const setKinds = ['list', 'rule'] as const

export interface ProductSet {
  id: string
  catalogId: string
  name: string
  kind: (typeof setKinds)[number]
  filter: ProductFilter | null
  createdAt: string
  updatedAt: string
}
export type ProductSetView = ProductSet & { products: number }
interface Whose {
  workspaceId: string
  setId: string
}
type Database = Pick<Deps, 'orm'>

const viewSql = `select s.id, s.catalog_id as "catalogId", s.name, s.kind, s.filter,
  ${isoTime('s.created_at')} as "createdAt", ${isoTime('s.updated_at')} as "updatedAt" from product_sets s`

export async function createSet(
  deps: Database,
  input: {
    workspaceId: string
    catalogId: string
    name: string
    kind: ProductSet['kind']
    filter?: ProductFilter | null | undefined
    productIds?: string[] | undefined
  },
): Promise<ProductSetView> {
  const { workspaceId, catalogId, name, kind, filter = null, productIds = [] } = input
  refuseMixture(kind, filter, input.productIds)
  const setId = newId()
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await requireCatalog(em, { workspaceId, catalogId })
    const inserted = await em.execute<object[]>(
      `insert into product_sets (id, workspace_id, catalog_id, name, kind, filter) values (?, ?, ?, ?, ?, ?::jsonb)
       on conflict do nothing returning id`,
      [setId, workspaceId, catalogId, name, kind, filter && JSON.stringify(filter)],
    )
    if (inserted.length === 0) throw nameTaken(name)
    await fillSet(em, { workspaceId, setId, catalogId, productIds })
  })
  return getSet(deps, { workspaceId, setId })
}

export async function getSet(deps: Database, whose: Whose): Promise<ProductSetView> {
  const em = forkFor(deps.orm, whose.workspaceId)
  const set = await findSet(em, whose)
  return { ...set, products: (await countInSets(em, whose.workspaceId, [set.id])).get(set.id) ?? 0 }
}

/** Newest first. */
export async function listSets(
  deps: Database,
  input: { workspaceId: string; catalogId?: string | undefined; before: string | undefined; limit: number },
): Promise<ProductSetView[]> {
  const { workspaceId, catalogId = null, before = null, limit } = input
  const em = forkFor(deps.orm, workspaceId)
  const sets = await em.execute<ProductSet[]>(
    `${viewSql} where s.workspace_id = ? and (?::uuid is null or s.catalog_id = ?) and (?::uuid is null or s.id < ?)
     order by s.id desc limit ?`,
    [workspaceId, catalogId, catalogId, before, before, limit],
  )
  const counts = await countInSets(
    em,
    workspaceId,
    sets.map(({ id }) => id),
  )
  return sets.map((set) => ({ ...set, products: counts.get(set.id) ?? 0 }))
}

/** What is not named stays; `productIds` replaces the list. */
export async function changeSet(
  deps: Database,
  whose: Whose,
  change: {
    name?: string | undefined
    filter?: ProductFilter | undefined
    productIds?: string[] | undefined
  },
): Promise<ProductSetView> {
  const { workspaceId, setId } = whose
  const { name = null, filter, productIds } = change
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { kind, catalogId } = await findSet(em, whose)
    refuseMixture(kind, kind === 'rule' ? (filter ?? {}) : filter, productIds)
    await em
      .execute(
        `update product_sets set name = coalesce(?, name), filter = coalesce(?::jsonb, filter), updated_at = now()
         where workspace_id = ? and id = ?`,
        [name, filter ? JSON.stringify(filter) : null, workspaceId, setId],
      )
      .catch((error: unknown) => {
        throw error instanceof UniqueConstraintViolationException ? nameTaken(name ?? '') : error
      })
    if (productIds) await fillSet(em, { workspaceId, setId, catalogId, productIds })
  })
  return getSet(deps, whose)
}

export async function deleteSet(deps: Database, { workspaceId, setId }: Whose): Promise<void> {
  const deleted = await forkFor(deps.orm, workspaceId).execute<object[]>(
    'delete from product_sets where workspace_id = ? and id = ? returning id',
    [workspaceId, setId],
  )
  if (deleted.length === 0) throw new AppError('not_found', `product set ${setId} does not exist`)
}

async function findSet(em: Em, { workspaceId, setId }: Whose): Promise<ProductSet> {
  const [set] = await em.execute<ProductSet[]>(`${viewSql} where s.workspace_id = ? and s.id = ?`, [
    workspaceId,
    setId,
  ])
  if (!set) throw new AppError('not_found', `product set ${setId} does not exist`)
  return set
}

/** Products of another catalog or workspace are named. */
async function fillSet(em: Em, input: Whose & { catalogId: string; productIds: string[] }): Promise<void> {
  const { workspaceId, setId, catalogId, productIds } = input
  await em.execute('delete from product_set_items where set_id = ? and workspace_id = ?', [
    setId,
    workspaceId,
  ])
  const ids = [...new Set(productIds)]
  if (ids.length === 0) return
  const filled = await em.execute<{ product_id: string }[]>(
    `insert into product_set_items (set_id, product_id, workspace_id)
     select ?, p.id, ? from jsonb_array_elements_text(?::jsonb) as n(id) join products p on p.id = n.id::uuid and p.workspace_id = ? and p.catalog_id = ? returning product_id`,
    [setId, workspaceId, JSON.stringify(ids), workspaceId, catalogId],
  )
  const known = new Set(filled.map((row) => row.product_id))
  const fields = productIds.flatMap((id, at) =>
    known.has(id) ? [] : [{ field: `productIds.${at}`, message: `the catalog has no product ${id}` }],
  )
  if (fields.length > 0)
    throw new AppError('unprocessable', 'some products are not of the catalog', { fields })
}

function refuseMixture(
  kind: ProductSet['kind'],
  filter: ProductFilter | null | undefined,
  productIds: string[] | undefined,
): void {
  const refuse = (field: string, message: string) => {
    throw new AppError('invalid_input', `${field} ${message}`, { fields: [{ field, message }] })
  }
  if (kind === 'rule' && !filter) refuse('filter', 'is required for a rule')
  if (kind === 'rule' && productIds) refuse('productIds', 'is for lists: a rule picks by its filter')
  if (kind === 'list' && filter) refuse('filter', 'is for rules: a list has productIds')
}

function nameTaken(name: string): AppError {
  const message = `the catalog has a set "${name}" already`
  return new AppError('conflict', message, { fields: [{ field: 'name', message }] })
}
