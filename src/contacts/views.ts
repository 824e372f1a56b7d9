import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { systemAttributes } from '../model/contact-attributes.ts'
import { AppError, type FieldError } from '../model/errors.ts'
import { checkCondition } from '../segments/check-condition.ts'
import { loadAttributeTypes } from './attribute-definitions.ts'
import type { ContactFilter } from './query-contacts.ts'
import { readSort, type ContactSort } from './sort-fragment.ts'

/** What a saved view shows: which contacts, in which order, with which columns. */
export interface ViewQuery extends Pick<ContactFilter, 'search' | 'tag' | 'condition'> {
  sort?: ContactSort | undefined
  columns?: string[] | undefined
}
export interface ContactViewRow {
  id: string
  name: string
  owner: string
  shared: boolean
  isDefault: boolean
  query: ViewQuery
  createdAt: string
  updatedAt: string
}
interface Asking {
  workspaceId: string
  /** Whose own and default views count: `user <id>` or `key <id>`. */
  owner: string
}

const columns = `id, name, owner, shared, is_default as "isDefault", query, ${isoTime('created_at')} as "createdAt",
  ${isoTime('updated_at')} as "updatedAt"`
const maximumViews = 200

/** One's own and what others share, by name. */
export async function listViews(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, owner, after, limit }: Asking & { after: [string, string] | undefined; limit: number },
): Promise<ContactViewRow[]> {
  const [name, id] = after ?? [null, null]
  return forkFor(deps.orm, workspaceId).execute<ContactViewRow[]>(
    `select ${columns} from contact_views where workspace_id = ? and (owner = ? or shared)
       and (?::text is null or (lower(name), id) > (lower(?), ?::uuid)) order by lower(name), id limit ?`,
    [workspaceId, owner, name, name, id, limit],
  )
}

export async function createView(
  deps: Pick<Deps, 'orm'>,
  input: Asking & { name: string; shared: boolean; isDefault: boolean; query: ViewQuery },
): Promise<ContactViewRow> {
  const { workspaceId, owner, name, shared, isDefault, query } = input
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await checkQuery(em, workspaceId, query)
    await lockViews(em, input)
    const [count] = await em.execute<{ n: number }[]>(
      'select count(*)::int as n from contact_views where workspace_id = ? and owner = ?',
      [workspaceId, owner],
    )
    if ((count?.n ?? 0) >= maximumViews)
      throw new AppError('unprocessable', `one has at most ${maximumViews} views`)
    await refuseTaken(em, input, name)
    if (isDefault) await clearDefault(em, input)
    const [row] = await em.execute<ContactViewRow[]>(
      `insert into contact_views (id, workspace_id, owner, name, shared, is_default, query)
       values (?, ?, ?, ?, ?, ?, ?::jsonb) returning ${columns}`,
      [newId(), workspaceId, owner, name, shared, isDefault, JSON.stringify(query)],
    )
    return row as ContactViewRow
  })
}

/** A view is changed by whom it belongs to. */
export async function updateView(
  deps: Pick<Deps, 'orm'>,
  input: Asking & { id: string } & {
    [K in 'name' | 'shared' | 'isDefault' | 'query']?: ContactViewRow[K] | undefined
  },
): Promise<ContactViewRow> {
  const { workspaceId, owner, id, name, shared, isDefault, query } = input
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    if (query) await checkQuery(em, workspaceId, query)
    await lockViews(em, input)
    if (name !== undefined) await refuseTaken(em, input, name)
    if (isDefault) await clearDefault(em, input)
    const [row] = await em.execute<ContactViewRow[]>(
      `update contact_views set name = coalesce(?, name), shared = coalesce(?, shared), updated_at = now(),
         is_default = coalesce(?, is_default), query = coalesce(?::jsonb, query)
       where workspace_id = ? and owner = ? and id = ? returning ${columns}`,
      [
        name ?? null,
        shared ?? null,
        isDefault ?? null,
        query ? JSON.stringify(query) : null,
        ...[workspaceId, owner, id],
      ],
    )
    if (row) return row
    throw new AppError('not_found', `you have no view ${id}`)
  })
}

export async function deleteView(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, owner, id }: Asking & { id: string },
): Promise<void> {
  const rows = await forkFor(deps.orm, workspaceId).execute<object[]>(
    'delete from contact_views where workspace_id = ? and owner = ? and id = ? returning id',
    [workspaceId, owner, id],
  )
  if (rows.length === 0) throw new AppError('not_found', `you have no view ${id}`)
}

/** What a view names must be there. */
async function checkQuery(
  em: Em,
  workspaceId: string,
  { sort, condition, columns: shown = [] }: ViewQuery,
): Promise<void> {
  if (condition) await checkCondition(em, workspaceId, condition, { field: 'query.condition' })
  const types = await loadAttributeTypes(em, workspaceId)
  if (sort) readSort(sort, types)
  const fields = shown.flatMap((name, at): FieldError[] => {
    if (types.has(name) || systemAttributes.some((each) => each.name === name)) return []
    return [{ field: `query.columns.${at}`, message: `there is no attribute "${name}"` }]
  })
  if (fields.length > 0) throw new AppError('invalid_input', 'the view names what is not there', { fields })
}

async function lockViews(em: Em, { workspaceId, owner }: Asking): Promise<void> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 10))', [`${workspaceId} ${owner}`])
}

async function refuseTaken(
  em: Em,
  { workspaceId, owner, id }: Asking & { id?: string },
  name: string,
): Promise<void> {
  const taken = await em.execute<object[]>(
    `select 1 from contact_views where workspace_id = ? and owner = ? and lower(name) = lower(?) and id is distinct from ?::uuid`,
    [workspaceId, owner, name, id ?? null],
  )
  if (taken.length === 0) return
  const message = `you have a view "${name}" already`
  throw new AppError('conflict', message, { fields: [{ field: 'name', message }] })
}

async function clearDefault(em: Em, { workspaceId, owner }: Asking): Promise<void> {
  await em.execute(
    'update contact_views set is_default = false where workspace_id = ? and owner = ? and is_default',
    [workspaceId, owner],
  )
}
