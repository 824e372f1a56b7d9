import type { Em } from '../db/orm.ts'
import { noteChanges } from '../events/note-changes.ts'
import { passFloor } from '../inbox/floor.ts'

/**
 * A run that is over holds no floor and waits for no event; segments that look at the journey are told. Called before the
 * run's own row is touched: whoever needs both takes the conversation first, as sends and webhooks do.
 */
export async function letGo(
  em: Em,
  run: { runId: string; conversationId: string | undefined },
): Promise<void> {
  if (run.conversationId !== undefined) await passFloor(em, run.conversationId, { runId: run.runId })
  await em.execute('delete from event_waits where run_id = ? and taken_at is null', [run.runId])
  const [ended] = await em.execute<EndedRow[]>(
    'select workspace_id, contact_id, journey_id, fact_id from runs where id = ?',
    [run.runId],
  )
  if (ended?.contact_id == null) return
  const { workspace_id: workspaceId, contact_id: contactId, journey_id: journeyId, fact_id: causeId } = ended
  await noteChanges(em, workspaceId, [{ contactId, keys: [`journey:${journeyId}`], causeId }])
}

interface EndedRow {
  workspace_id: string
  contact_id: string | null
  journey_id: string
  fact_id: string
}
