import type { Deps } from '../deps.ts'
import { forkFor } from '../db/orm.ts'
import { relaySoon } from '../outbox/relay.ts'
import { chatWorkflowId } from '../../workflows/contract.ts'
import { wakeChats } from './timers.ts'

/** Longer than a workflow takes to do what is due. */
const graceSeconds = 60

interface Overdue {
  workspace_id: string
  conversation_id: string
}

/**
 * Chats with something that is overdue, because somebody ended their workflow by hand or the server lost it: they are woken,
 * which starts another one. What is on its way to Temporal already is left to that. Returns how many.
 */
export async function wakeForgotten(deps: Deps): Promise<number> {
  const overdue = await deps.orm.em.fork().execute<Overdue[]>(
    `select distinct workspace_id, conversation_id from (
       select workspace_id, conversation_id from chat_timers where fired_at is null and due_at < now() - interval '${graceSeconds} seconds'
       union all
       select workspace_id, conversation_id from scheduled_messages
         where state = 'scheduled' and due_at < now() - interval '${graceSeconds} seconds') t limit 500`,
  )
  for (const [workspaceId, rows] of Map.groupBy(overdue, (row) => row.workspace_id)) {
    const chats = rows.map((row) => row.conversation_id)
    const told = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
      const waiting = await em.execute<{ workflow_id: string }[]>(
        'select workflow_id from outbox where workflow_id in (select jsonb_array_elements_text(?::jsonb))',
        [JSON.stringify(chats.map((id) => chatWorkflowId(workspaceId, id)))],
      )
      const under = new Set(waiting.map((row) => row.workflow_id))
      return wakeChats(
        em,
        workspaceId,
        chats.filter((id) => !under.has(chatWorkflowId(workspaceId, id))),
      )
    })
    relaySoon(deps, told)
  }
  return overdue.length
}
