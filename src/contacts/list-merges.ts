import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'

export interface MergeRecord {
  id: string
  contactId: string
  otherId: string
  by: string
  at: string
  undoneAt: string | null
  undoneBy: string | null
}

/** The merges that a contact took part in, newest first, also those that were taken back. */
export async function listMerges(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; contactId: string; before: string | undefined; limit: number },
): Promise<MergeRecord[]> {
  const { workspaceId, contactId, before = null, limit } = input
  return forkFor(deps.orm, workspaceId).execute<MergeRecord[]>(
    `select id, contact_id as "contactId", other_id as "otherId", by, ${isoTime('at')} as at, ${isoTime('undone_at')} as "undoneAt",
       undone_by as "undoneBy"
     from contact_merges where workspace_id = ? and (contact_id = ? or other_id = ?) and (?::uuid is null or id < ?)
     order by id desc limit ?`,
    [workspaceId, contactId, contactId, before, before, limit],
  )
}
