import { forkFor } from '../../db/orm.ts'
import type { Deps } from '../../deps.ts'
import { countedRows, countingMessages } from '../../reports/count-messages.ts'
import type { CampaignInput } from '../../../workflows/contract.ts'

const batch = 2_000

/**
 * What a cancelled run had put off is not sent any more, and says so. Others who want to write to these people do not have to
 * reckon with it. Safe to repeat.
 */
export async function leaveUnsent(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, runId }: CampaignInput,
): Promise<void> {
  const em = forkFor(deps.orm, workspaceId)
  for (;;) {
    const left = await em.execute<object[]>(
      `with left_out as (
         update messages m set state = 'skipped', reason_code = 'cancelled', reason = 'the run was cancelled', due_at = null
         where m.id in (select id from messages where campaign_run_id = ? and workspace_id = ? and state = 'planned' limit ${batch})
           and m.state = 'planned' returning m.id, m.send_key, ${countedRows}),
       ${countingMessages('left_out')},
       waits as (delete from arbiter_waits w using left_out l where w.workspace_id = ? and w.send_key = l.send_key)
       select id from left_out`,
      [runId, workspaceId, workspaceId],
    )
    if (left.length === 0) return
  }
}
