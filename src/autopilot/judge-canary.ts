import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import type { CampaignDefinition } from '../model/campaign-definition.ts'
import { stopRun } from './stop-runs.ts'

interface CanaryRow {
  campaign_id: string
  fact_id: string
  definition: CampaignDefinition
}
interface Measured {
  sent: number
  failed: number
  left: number
}

/** Too few to judge by shares: one failure in five says nothing. */
const fewest = 10

/**
 * Judges a run by what became of its first recipients: how many messages failed, and how many people said STOP, blocked
 * marketing or were marked as spam since. Call in a transaction; judging again says the same. True: the rest may follow.
 */
export async function judgeCanary(
  em: Em,
  { workspaceId, runId }: { workspaceId: string; runId: string },
): Promise<boolean> {
  const [run] = await em.execute<CanaryRow[]>(
    `select campaign_id, fact_id, definition from campaign_runs where workspace_id = ? and id = ? for update`,
    [workspaceId, runId],
  )
  const canary = run?.definition.canary
  if (!run || !canary) return true
  const measured = await measure(em, workspaceId, runId)
  const { sent, failed, left } = measured
  const limits = { failures: canary.maximumFailures, optOuts: canary.maximumOptOuts }
  const judged = Math.max(sent, 1)
  const isBad = sent >= fewest && (failed / judged > limits.failures || left / judged > limits.optOuts)
  await em.execute(
    `update campaign_runs set canary = coalesce(canary, '{}') || ?::jsonb, updated_at = now() where workspace_id = ? and id = ?`,
    [JSON.stringify({ ...measured, verdict: isBad ? 'stopped' : 'passed' }), workspaceId, runId],
  )
  const factId = newId()
  await recordFacts(em, workspaceId, [
    {
      ...{ id: factId, atMs: Date.now(), kind: 'campaign.canary', runId, causeId: run.fact_id },
      data: { campaign: run.campaign_id, run: runId, ...measured, passed: !isBad },
    },
  ])
  if (!isBad) return true
  const percent = (part: number, of: number) =>
    `${Math.round((part / judged) * 1_000) / 10} % (at most ${of * 100} %)`
  const reason = `of the first ${sent} recipients ${percent(failed, limits.failures)} failed and ${percent(left, limits.optOuts)} want no more`
  await stopRun(em, { workspaceId, runId, stopper: 'canary', reason, causeId: factId })
  return false
}

/** Everything the run has sent off until now: while it waits for this verdict, these are its first. */
async function measure(em: Em, workspaceId: string, runId: string): Promise<Measured> {
  const [row] = await em.execute<Measured[]>(
    `select count(*)::int as sent, count(*) filter (where m.state = 'failed')::int as failed,
       count(distinct m.contact_id) filter (where m.reason_code = '131050' or c.spam_at > m.inflight_at or exists (
         select 1 from consents s where s.contact_id = m.contact_id and s.state = 'opted_out' and s.at > m.inflight_at)
       )::int as left
     from messages m join contacts c on c.id = m.contact_id
     where m.workspace_id = ? and m.campaign_run_id = ? and m.state in ('accepted', 'failed', 'unknown')`,
    [workspaceId, runId],
  )
  return row ?? { sent: 0, failed: 0, left: 0 }
}
