import type { Em } from '../db/orm.ts'
import { adHoc } from '../db/prepared-statements.ts'
import { sql, type Fragment } from '../segments/fragment.ts'
import type { Search } from './search-fragment.ts'

/** For which parts of a search few contacts are expected. */
export interface Foresight {
  names: boolean
  ids: boolean
}

/**
 * So many are read out of the trigram index and sorted sooner than the newest are met on a walk from the newest on; of more,
 * the walk soon has a page. PostgreSQL weighs the two as well, but takes a comparison of texts for four times as cheap as it
 * is: among 200,000 contacts it walked for 27 ms where 4 would do.
 */
const few = 3_000

/** What PostgreSQL expects of a search, by its own statistics: nothing is read. */
export async function foreseeMatches(
  em: Em,
  workspaceId: string,
  { names, ids }: Search,
): Promise<Foresight> {
  const [rareNames, rareIds] = await Promise.all([
    names
      ? isRare(
          em,
          sql`select 1 from contacts c where c.workspace_id = ${workspaceId}::uuid
      and c.merged_into is null and ${names}`,
        )
      : false,
    ids
      ? isRare(
          em,
          sql`select 1 from identities i where i.workspace_id = ${workspaceId}::uuid
      and i.valid_to is null and ${ids}`,
        )
      : false,
  ])
  return { names: rareNames, ids: rareIds }
}

async function isRare(em: Em, query: Fragment): Promise<boolean> {
  const rows = await em.execute<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }[]>(
    `${adHoc}explain (format json) ${query.sql}`,
    query.params,
  )
  return (rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0) < few
}
