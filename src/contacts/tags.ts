import { escapeLike } from '../db/escape-like.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'

export interface TagCount {
  tag: string
  contacts: number
}

/** The tags that contacts carry, by name, with how many carry each. */
export async function listTags(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; search: string | undefined; after: string | undefined; limit: number },
): Promise<TagCount[]> {
  const { workspaceId, search, after = null, limit } = input
  return forkFor(deps.orm, workspaceId).execute<TagCount[]>(
    `select t.tag, count(*)::int as contacts from contacts c cross join unnest(c.tags) as t(tag)
     where c.workspace_id = ? and c.merged_into is null and (?::text is null or t.tag > ?) and t.tag ilike ?
     group by t.tag order by t.tag limit ?`,
    [workspaceId, after, after, `%${escapeLike(search ?? '')}%`, limit],
  )
}
