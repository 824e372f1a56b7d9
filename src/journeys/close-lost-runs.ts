import { WorkflowNotFoundError } from '@temporalio/client'
import { recordFacts } from '../analytics/facts.ts'
import { derivedId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { letGo } from './let-go.ts'

/** Looks a little further back than it is called, because Temporal's visibility lags behind. */
const lookBackMs = 15 * 60_000

interface RunRow {
  id: string
  workspace_id: string
  contact_id: string | null
  conversation_id: string | null
}

/**
 * An engineer may terminate a run in Temporal's UI, and a run may fail there: no activity tells the database then. Without
 * this the contact would be "already inside" for ever. A run that was reset goes on under the same id and stays as it is.
 */
export async function closeLostRuns(deps: Deps): Promise<number> {
  const since = new Date(Date.now() - lookBackMs).toISOString()
  const query = `WorkflowType = 'journey' and ExecutionStatus in ('Terminated', 'Failed', 'TimedOut') and CloseTime > '${since}'`
  let closed = 0
  for await (const { workflowId, status } of deps.temporal.workflow.list({ query })) {
    const [run] = await deps.orm.em
      .fork()
      .execute<RunRow[]>(
        `select id, workspace_id, contact_id, conversation_id from runs where workflow_id = ? and ended_at is null`,
        [workflowId],
      )
    if (!run || (await isRunning(deps, workflowId))) continue
    await closeRun(deps, run, status.name.toLowerCase())
    closed += 1
  }
  return closed
}

async function isRunning(deps: Deps, workflowId: string): Promise<boolean> {
  try {
    return (await deps.temporal.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING'
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false
    throw error
  }
}

async function closeRun(deps: Deps, run: RunRow, status: string): Promise<void> {
  const { id: runId, workspace_id: workspaceId, contact_id: contactId } = run
  const reason = `${status} in Temporal`
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await letGo(em, { runId, conversationId: run.conversation_id ?? undefined })
    await em.execute(
      `update runs set state = 'failed', outcome = ?, ended_at = now(), updated_at = now() where id = ? and ended_at is null`,
      [reason, runId],
    )
    const data = { state: 'failed', reason }
    await recordFacts(em, workspaceId, [
      {
        id: derivedId(runId, 'run.ended', reason),
        atMs: Date.now(),
        kind: 'run.ended',
        contactId: contactId ?? undefined,
        runId,
        data,
      },
    ])
  })
}
