import { recordFacts } from '../../analytics/facts.ts'
import { newId } from '../../db/columns.ts'
import type { Em } from '../../db/orm.ts'

/** The run stands still until somebody lets it go on. In the transaction that found out why. */
export async function stopRun(
  em: Em,
  { runId, workspaceId, factId: causeId }: { runId: string; workspaceId: string; factId: string },
  reason: string,
): Promise<void> {
  const stopped = await em.execute<{ campaign_id: string }[]>(
    `update campaign_runs set state = 'stopped', reason = ?, updated_at = now()
     where id = ? and workspace_id = ? and state in ('sending', 'settling') returning campaign_id`,
    [reason, runId, workspaceId],
  )
  const [row] = stopped
  if (!row) return
  const data = { campaign: row.campaign_id, campaignRun: runId, reason, by: 'system' }
  await recordFacts(em, workspaceId, [{ id: newId(), atMs: Date.now(), kind: 'campaign.stopped', causeId, data }])
}
