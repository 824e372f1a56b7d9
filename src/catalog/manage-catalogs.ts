import { UniqueConstraintViolationException } from '@mikro-orm/core'
import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { catalogSources } from '../model/catalog.ts'
import { AppError } from '../model/errors.ts'

export interface CatalogView {
  id: string
  name: string
  metaCatalogId: string | null
  source: (typeof catalogSources)[number]
  /** Without those in the archive. */
  products: number
  createdAt: string
  updatedAt: string
}
interface Whose {
  workspaceId: string
  catalogId: string
}
type Database = Pick<Deps, 'orm'>

const viewSql = `select c.id, c.name, c.meta_catalog_id as "metaCatalogId", c.source,
  (select count(*)::int from products p where p.catalog_id = c.id and p.archived_at is null) as products,
  ${isoTime('c.created_at')} as "createdAt", ${isoTime('c.updated_at')} as "updatedAt" from catalogs c`

export async function createCatalog(
  deps: Database,
  input: {
    workspaceId: string
    name: string
    metaCatalogId?: string | null | undefined
    source: CatalogView['source']
  },
): Promise<CatalogView> {
  const { workspaceId, name, metaCatalogId = null, source } = input
  const em = forkFor(deps.orm, workspaceId)
  const [row] = await em.execute<{ id: string }[]>(
    `insert into catalogs (id, workspace_id, name, meta_catalog_id, source) values (?, ?, ?, ?, ?)
     on conflict do nothing returning id`,
    [newId(), workspaceId, name, metaCatalogId, source],
  )
  if (!row) throw await nameTaken(em, { workspaceId, catalogId: newId() }, name)
  return getCatalog(deps, { workspaceId, catalogId: row.id })
}

export async function getCatalog(deps: Database, { workspaceId, catalogId }: Whose): Promise<CatalogView> {
  const [row] = await forkFor(deps.orm, workspaceId).execute<CatalogView[]>(
    `${viewSql} where c.workspace_id = ? and c.id = ?`,
    [workspaceId, catalogId],
  )
  if (!row) throw new AppError('not_found', `catalog ${catalogId} does not exist`)
  return row
}

/** Newest first. */
export async function listCatalogs(
  deps: Database,
  { workspaceId, before, limit }: { workspaceId: string; before: string | undefined; limit: number },
): Promise<CatalogView[]> {
  return forkFor(deps.orm, workspaceId).execute<CatalogView[]>(
    `${viewSql} where c.workspace_id = ? and (?::uuid is null or c.id < ?) order by c.id desc limit ?`,
    [workspaceId, before ?? null, before ?? null, limit],
  )
}

/** What is not named stays; null takes Meta's id away. */
export async function changeCatalog(
  deps: Database,
  whose: Whose,
  change: { name?: string | undefined; metaCatalogId?: string | null | undefined },
): Promise<CatalogView> {
  const { workspaceId, catalogId } = whose
  const em = forkFor(deps.orm, workspaceId)
  const { name = null, metaCatalogId } = change
  try {
    await em.execute(
      `update catalogs set name = coalesce(?, name), updated_at = now(),
         meta_catalog_id = case when ? then ? else meta_catalog_id end where workspace_id = ? and id = ?`,
      [name, metaCatalogId !== undefined, metaCatalogId ?? null, workspaceId, catalogId],
    )
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException) throw await nameTaken(em, whose, name ?? '')
    throw error
  }
  return getCatalog(deps, whose)
}

/** With its products and sets; orders keep their lines. */
export async function deleteCatalog(deps: Database, { workspaceId, catalogId }: Whose): Promise<void> {
  const deleted = await forkFor(deps.orm, workspaceId).execute<object[]>(
    'delete from catalogs where workspace_id = ? and id = ? returning id',
    [workspaceId, catalogId],
  )
  if (deleted.length === 0) throw new AppError('not_found', `catalog ${catalogId} does not exist`)
}

/** For requests that name a catalog in their body. */
export async function requireCatalog(em: Em, { workspaceId, catalogId }: Whose): Promise<void> {
  const [row] = await em.execute<object[]>('select id from catalogs where workspace_id = ? and id = ?', [
    workspaceId,
    catalogId,
  ])
  if (row) return
  const message = `catalog ${catalogId} does not exist`
  throw new AppError('unprocessable', message, { fields: [{ field: 'catalogId', message }] })
}

async function nameTaken(em: Em, { workspaceId, catalogId }: Whose, name: string): Promise<AppError> {
  const [other] = await em.execute<object[]>(
    'select id from catalogs where workspace_id = ? and id <> ? and lower(name) = lower(?)',
    [workspaceId, catalogId, name],
  )
  const [field, message] = other
    ? ['name', `there is a catalog "${name}" already`]
    : ['metaCatalogId', 'another catalog has this id']
  return new AppError('conflict', message, { fields: [{ field, message }] })
}
