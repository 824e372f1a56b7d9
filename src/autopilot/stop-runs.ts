import { recordFacts, type Fact } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { enqueue, type OutboxRow } from '../outbox/outbox.ts'

/** What stopped a run: its number, its first recipients, its budget, or that it could not be planned or sent. */
export type Stopper = 'number' | 'canary' | 'budget' | 'plan' | 'sending'

interface StoppedRow {
  id: string
  campaign_id: string
  fact_id: string
}

/** A run that is on its way stands still until somebody lets it go on. Call in a transaction. */
export async function stopRun(
  em: Em,
  stop: {
    workspaceId: string
    runId: string
    stopper: Stopper
    reason: string
    causeId?: string | undefined
  },
): Promise<boolean> {
  const { workspaceId, runId, stopper, reason, causeId } = stop
  const rows = await em.execute<StoppedRow[]>(
    `update campaign_runs set state = 'stopped', stopped_by = ?, reason = ?, updated_at = now()
     where workspace_id = ? and id = ? and state in ('planning', 'sending', 'settling') returning id, campaign_id, fact_id`,
    [stopper, reason, workspaceId, runId],
  )
  await tell(em, workspaceId, 'campaign.stopped', rows, { stopper, reason, by: 'autopilot' }, causeId)
  return rows.length > 0
}

/** Runs that have no other number to send from. */
export async function stopRunsOf(
  em: Em,
  stop: { workspaceId: string; numberId: string; reason: string; causeId: string },
): Promise<void> {
  const { workspaceId, numberId, reason, causeId } = stop
  const rows = await em.execute<StoppedRow[]>(
    `update campaign_runs r set state = 'stopped', stopped_by = 'number', reason = ?, updated_at = now()
     where r.workspace_id = ? and r.state = 'sending'
       and exists (select 1 from campaign_lanes l where l.run_id = r.id and l.number_id = ?) and not ${canSend}
     returning r.id, r.campaign_id, r.fact_id`,
    [reason, workspaceId, numberId],
  )
  await tell(
    em,
    workspaceId,
    'campaign.stopped',
    rows,
    { stopper: 'number', reason, by: 'autopilot' },
    causeId,
  )
}

const canSend = `exists (select 1 from campaign_lanes l where l.run_id = r.id and not exists (
  select 1 from number_stops s where s.number_id = l.number_id and s.scope = 'campaigns' and s.lifted_at is null))`

/** Runs that stood still for their number go on, and whoever waits for it looks again. Call in a transaction. */
export async function goOnWithRuns(
  em: Em,
  { workspaceId, numberId, by }: { workspaceId: string; numberId: string; by: string },
): Promise<OutboxRow[]> {
  const rows = await em.execute<StoppedRow[]>(
    `update campaign_runs r set state = 'sending', stopped_by = null, reason = null, updated_at = now()
     where r.workspace_id = ? and r.state = 'stopped' and r.stopped_by = 'number'
       and exists (select 1 from campaign_lanes l where l.run_id = r.id and l.number_id = ?) and ${canSend}
     returning r.id, r.campaign_id, r.fact_id`,
    [workspaceId, numberId],
  )
  await tell(em, workspaceId, 'campaign.resumed', rows, { by })
  return wakeRunsOf(em, workspaceId, numberId)
}

/** Whatever is on its way from the number looks at the rows again at once. */
export async function wakeRunsOf(em: Em, workspaceId: string, numberId: string): Promise<OutboxRow[]> {
  const rows = await em.execute<{ id: string; workflow_id: string }[]>(
    `select r.id, r.workflow_id from campaign_runs r where r.workspace_id = ? and r.state in ('sending', 'settling')
       and exists (select 1 from campaign_lanes l where l.run_id = r.id and l.number_id = ?)`,
    [workspaceId, numberId],
  )
  return wake(em, workspaceId, rows)
}

/** Starts the workflow of a run that has none any more. */
export async function wake(
  em: Em,
  workspaceId: string,
  runs: { id: string; workflow_id: string }[],
): Promise<OutboxRow[]> {
  return enqueue(
    em,
    runs.map(({ id, workflow_id }) => ({
      ...{ name: 'campaign' as const, workflowId: workflow_id },
      payload: { workspaceId, runId: id },
    })),
  )
}

async function tell(
  em: Em,
  workspaceId: string,
  kind: string,
  rows: StoppedRow[],
  data: Record<string, string>,
  causeId?: string,
): Promise<void> {
  const facts = rows.map(
    ({ id, campaign_id, fact_id }): Fact => ({
      ...{ id: newId(), atMs: Date.now(), kind, runId: id, causeId: causeId ?? fact_id },
      data: { campaign: campaign_id, run: id, ...data },
    }),
  )
  await recordFacts(em, workspaceId, facts)
}
