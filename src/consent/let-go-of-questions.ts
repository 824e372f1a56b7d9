import { recordFacts } from '../analytics/facts.ts'
import { derivedId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { letGo } from '../journeys/let-go.ts'
import type { ConsentScope } from '../model/consent.ts'
import { enqueue, type OutboxRow } from '../outbox/outbox.ts'

/**
 * A STOP is no answer. The journey whose question waits in that conversation has nothing more to say: it ends here with the
 * outcome "opted out", and its workflow is told. After a STOP to advertising, journeys of another class go on waiting.
 */
export async function letGoOfQuestions(
  em: Em,
  workspaceId: string,
  stops: { conversationId: string; contactId: string; factId: string; category: ConsentScope }[],
): Promise<OutboxRow[]> {
  if (stops.length === 0) return []
  // Of several in one chat the one that reaches farthest.
  const ordered = stops.toSorted((a, b) => Number(a.category === 'all') - Number(b.category === 'all'))
  const causes = new Map(ordered.map((stop) => [stop.conversationId, stop]))
  const ended = await em.execute<{ id: string; workflow_id: string; conversation_id: string }[]>(
    `update runs r set state = 'exited', ended_at = now(), updated_at = now(), outcome = 'opted out', error_code = null,
       error_reason = null
     from jsonb_to_recordset(?::jsonb) as n(conversation_id uuid, category text), conversations v, journey_versions j
     where r.workspace_id = ? and v.id = n.conversation_id and r.ended_at is null
       and (r.workflow_id = v.floor_workflow_id or exists (select 1 from floor_waits w
         where w.conversation_id = v.id and w.workflow_id = r.workflow_id))
       and j.id = r.version_id and (n.category = 'all' or j.definition ->> 'messageClass' = n.category)
     returning r.id, r.workflow_id, v.id as conversation_id`,
    [
      JSON.stringify(
        [...causes.values()].map(({ conversationId, category }) => ({
          conversation_id: conversationId,
          category,
        })),
      ),
      workspaceId,
    ],
  )
  for (const run of ended) await letGo(em, { runId: run.id, conversationId: run.conversation_id })
  await recordFacts(
    em,
    workspaceId,
    ended.map(({ id, conversation_id }) => {
      const { contactId, factId } = causes.get(conversation_id) ?? {}
      return {
        ...{ id: derivedId(id, 'opted out'), atMs: Date.now(), kind: 'run.ended' },
        ...{ contactId, runId: id, causeId: factId },
        data: { state: 'exited', reason: 'opted out' },
      }
    }),
  )
  return enqueue(
    em,
    ended.map(({ workflow_id }) => ({ name: 'optedOut' as const, workflowId: workflow_id, payload: {} })),
  )
}
