import { adHoc } from '../db/prepared-statements.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { joined, sql } from '../segments/fragment.ts'
import type { ChatAccess } from './access.ts'
import { defaultViews, filterSql, type ConversationFilter } from './filter.ts'
import { listAllViews } from './inbox-views.ts'

/** Beyond this nobody reads a number: it is more. */
export const maximumCount = 1_000

export interface ViewCount {
  /** One of the views that everybody has, or the id of a saved one. */
  view: string
  name: string
  /** At most 1,000; there may be more then. */
  count: number
}

/** How many conversations are in each view, as somebody sees them. */
export async function countViews(
  deps: Pick<Deps, 'orm'>,
  access: ChatAccess,
  owner: string,
  numberId: string | undefined,
): Promise<ViewCount[]> {
  const em = forkFor(deps.orm, access.workspaceId)
  const saved = await listAllViews(em, { workspaceId: access.workspaceId, owner })
  const views: { view: string; name: string; filter: ConversationFilter }[] = [
    ...defaultViews.map((view) => ({ view, name: view, filter: { view } })),
    ...saved.map(({ id, name, query }) => ({ view: id, name, filter: query })),
  ]
  const counts = joined(
    views.map(
      ({ filter }, at) => sql`select ${at}::int as at, count(*)::int as count from
        (select 1 from conversations v where ${filterSql(access, { ...(numberId && { numberId }), ...filter })}
          limit ${maximumCount}::int) few`,
    ),
    ' union all ',
  )
  const rows = await em.execute<{ at: number; count: number }[]>(adHoc + counts.sql, counts.params)
  const of = new Map(rows.map(({ at, count }) => [at, count]))
  return views.map(({ view, name }, at) => ({ view, name, count: of.get(at) ?? 0 }))
}
