import type { Em } from '../db/orm.ts'
import type { OutboxEntry } from '../outbox/outbox.ts'
import { isHeld, lockHold } from './check-holds.ts'

interface WokenRow {
  id: string
  workflow_id: string
  journey_id: string
  number_id: string
  contact_id: string | null
  lineage_id: string
}

/**
 * Nobody tells sleeping runs of a pause; those that an answer or an event is about to wake are told before it. They are
 * written down as standing there in the transaction that saw the hold: whoever lifts it finds them. Goes before the entries
 * that wake them.
 */
export async function holdWoken(
  em: Em,
  workspaceId: string,
  waking: readonly { workflowId: string }[],
): Promise<OutboxEntry[]> {
  if (waking.length === 0) return []
  const workflowIds = JSON.stringify(waking.map(({ workflowId }) => workflowId))
  const runs = await em.execute<WokenRow[]>(
    `select r.id, r.workflow_id, r.journey_id, r.number_id, r.contact_id, r.lineage_id from runs r
     where r.workspace_id = ? and r.ended_at is null and r.state = 'waiting'
       and r.workflow_id in (select jsonb_array_elements_text(?::jsonb))
       and ${isHeld}
     order by r.id`,
    [workspaceId, workflowIds],
  )
  const entries: OutboxEntry[] = []
  for (const run of runs) {
    const { id: runId, journey_id: journeyId, number_id: numberId, workflow_id: workflowId } = run
    const contactId = run.contact_id ?? undefined
    const of = { workspaceId, runId, journeyId, numberId, lineageId: run.lineage_id, contactId }
    const hold = await lockHold(em, of, 0)
    if (!hold) continue
    await em.execute(
      `update runs set state = 'paused', held_by = ?, updated_at = now() where id = ? and workspace_id = ? and ended_at is null`,
      [hold.holdId, runId, workspaceId],
    )
    entries.push({ name: 'held', workflowId, payload: hold })
  }
  return entries
}
