import type { Em } from '../db/orm.ts'

/** A run that is over holds no floor and waits for no event. */
export async function letGo(em: Em, run: { runId: string; conversationId: string }): Promise<void> {
  await em.execute(
    `update conversations set floor_workflow_id = null, floor_ask_key = null
     where id = ? and starts_with(floor_ask_key, ?)`,
    [run.conversationId, `${run.runId}:`],
  )
  await em.execute('delete from event_waits where run_id = ? and taken_at is null', [run.runId])
}
