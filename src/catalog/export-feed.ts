import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { csvLine } from '../kit/csv.ts'
import { feedColumns, writeFeedRow } from '../model/catalog-feed.ts'
import { listProducts } from './find-products.ts'

const pageSize = 1_000

/** The products of a catalog as a feed, a page at a time; those in the archive are left out. */
export async function* exportFeed(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, catalogId }: { workspaceId: string; catalogId: string },
): AsyncGenerator<string> {
  const em = forkFor(deps.orm, workspaceId)
  yield csvLine([...feedColumns])
  let after: [string, string] | undefined
  do {
    const rows = await listProducts(em, {
      ...{ workspaceId, catalogId, filter: {}, archived: false, sort: 'oldest', after, limit: pageSize },
    })
    yield rows.map((row) => csvLine(Object.values(writeFeedRow(row)))).join('')
    const last = rows.length === pageSize ? rows.at(-1) : undefined
    after = last && [last.sortKey, last.id]
  } while (after)
}
