import type { Em } from '../db/orm.ts'
import type { Move } from './move-rows.ts'

/** Who was paused stays paused as the other; of two pauses the other's one holds those who stand at it. */
export async function movePauses(em: Em, { workspaceId, mergeId, contactId, otherId }: Move): Promise<void> {
  await em.execute(
    `with moved as (
       update holds t set scope_id = ? where t.workspace_id = ? and t.scope = 'contact' and t.scope_id = ? and t.kind = 'pause'
         and t.released_at is null and not exists (select 1 from holds s where s.workspace_id = t.workspace_id
           and s.scope = 'contact' and s.scope_id = ? and s.kind = 'pause' and s.released_at is null
           and s.number_id is not distinct from t.number_id) returning t.id)
     insert into contact_merge_rows (merge_id, kind, row_id) select ?, 'pauses', id from moved`,
    [contactId, workspaceId, otherId, contactId, mergeId],
  )
}

/** A pause that is still on goes back to whom it was placed on. */
export async function putPausesBack(
  em: Em,
  { workspaceId, mergeId, contactId, otherId }: Move,
): Promise<void> {
  await em.execute(
    `update holds t set scope_id = ? from contact_merge_rows m where m.merge_id = ? and m.kind = 'pauses' and t.id = m.row_id
       and t.workspace_id = ? and t.scope_id = ? and t.released_at is null`,
    [otherId, mergeId, workspaceId, contactId],
  )
}
