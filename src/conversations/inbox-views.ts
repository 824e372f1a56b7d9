import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { readFilter, type ConversationFilter } from './filter.ts'
import type { Sort } from './list-conversations.ts'

/** What a saved view shows: which conversations, in which order. */
export type ViewQuery = ConversationFilter & { sort?: Sort | undefined }
export interface InboxView {
  id: string
  name: string
  owner: string
  shared: boolean
  query: ViewQuery
  createdAt: string
  updatedAt: string
}
interface Asking {
  workspaceId: string
  /** `user <id>` or `key <id>`. */
  owner: string
}

const columns = `id, name, owner, shared, query, ${isoTime('created_at')} as "createdAt", ${isoTime('updated_at')} as "updatedAt"`
const maximumViews = 50

/** One's own and what others share. */
export async function listInboxViews(
  em: Em,
  { workspaceId, owner, after = null, limit }: Asking & { after: string | undefined | null; limit: number },
): Promise<InboxView[]> {
  return em.execute<InboxView[]>(
    `select ${columns} from inbox_views where workspace_id = ? and (owner = ? or shared) and (?::uuid is null or id > ?)
     order by id limit ?`,
    [workspaceId, owner, after, after, limit],
  )
}

/** For counting: without their orders, and without those that name what is no more. */
export async function listAllViews(
  em: Em,
  asking: Asking,
): Promise<{ id: string; name: string; query: ConversationFilter }[]> {
  const views = await listInboxViews(em, { ...asking, after: null, limit: maximumViews })
  return views.flatMap(({ id, name, query: { sort: _sort, ...query } }) => {
    const filter = readFilter(query)
    return filter ? [{ id, name, query: filter }] : []
  })
}

/** What a saved view shows: one's own, or one that is shared. */
export async function getViewQuery(
  em: Em,
  { workspaceId, owner, id }: Asking & { id: string },
): Promise<ViewQuery> {
  const [view] = await em.execute<{ query: ViewQuery }[]>(
    'select query from inbox_views where id = ? and workspace_id = ? and (owner = ? or shared)',
    [id, workspaceId, owner],
  )
  if (!view) throw new AppError('not_found', `there is no view ${id}`)
  const { sort, ...query } = view.query
  const filter = readFilter(query)
  if (!filter) throw new AppError('unprocessable', 'the view names what is there no more: change it')
  return { ...filter, sort }
}

export async function createInboxView(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, owner, name, shared, query }: Asking & Pick<InboxView, 'name' | 'shared' | 'query'>,
): Promise<InboxView> {
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const [owned] = await em.execute<[{ n: number }]>(
      'select count(*)::int as n from inbox_views where workspace_id = ? and owner = ?',
      [workspaceId, owner],
    )
    if (owned.n >= maximumViews) throw new AppError('unprocessable', `one has at most ${maximumViews} views`)
    const [view] = await em.execute<[InboxView]>(
      `insert into inbox_views (id, workspace_id, owner, name, shared, query) values (?, ?, ?, ?, ?, ?::jsonb) returning ${columns}`,
      [newId(), workspaceId, owner, name, shared, JSON.stringify(query)],
    )
    await note(em, workspaceId, 'inbox-view.created', { view: view.id, name, by: owner })
    return view
  })
}

/** One's own only. */
export async function updateInboxView(
  deps: Pick<Deps, 'orm'>,
  input: Asking & { id: string } & { [K in 'name' | 'shared' | 'query']?: InboxView[K] | undefined },
): Promise<InboxView> {
  const { workspaceId, owner, id, name = null, shared = null, query } = input
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const [view] = await em.execute<InboxView[]>(
      `update inbox_views set name = coalesce(?, name), shared = coalesce(?, shared), query = coalesce(?::jsonb, query),
         updated_at = now() where id = ? and workspace_id = ? and owner = ? returning ${columns}`,
      [name, shared, query ? JSON.stringify(query) : null, id, workspaceId, owner],
    )
    if (!view) throw new AppError('not_found', `you have no view ${id}`)
    await note(em, workspaceId, 'inbox-view.changed', { view: id, name: view.name, by: owner })
    return view
  })
}

export async function deleteInboxView(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, owner, id }: Asking & { id: string },
): Promise<void> {
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const [view] = await em.execute<{ name: string }[]>(
      'delete from inbox_views where id = ? and workspace_id = ? and owner = ? returning name',
      [id, workspaceId, owner],
    )
    if (!view) throw new AppError('not_found', `you have no view ${id}`)
    await note(em, workspaceId, 'inbox-view.deleted', { view: id, name: view.name, by: owner })
  })
}

async function note(em: Em, workspaceId: string, kind: string, data: Record<string, string>): Promise<void> {
  await recordFacts(em, workspaceId, [{ id: newId(), atMs: Date.now(), kind, data }])
}
