import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { recordEvents } from '../events/record-events.ts'
import type { Arrival } from '../inbox/arrival.ts'
import type { JsonObject } from '../model/json.ts'
import { readFormAnswers } from '../model/reply.ts'
import type { OutboxRow } from '../outbox/outbox.ts'

interface StoredAnswer {
  message_id: string
  contact_id: string
  flow: string
  answers: JsonObject
}

/**
 * Flows that customers have filled in, as rows: beside the message that brought them, linked to the one that opened the Flow.
 * `verified` says that the token which came back is the one that was sent to this contact in that message.
 */
export async function receiveFlowAnswers(
  em: Em,
  workspaceId: string,
  arrivals: Arrival[],
): Promise<OutboxRow[]> {
  const filled = arrivals.flatMap((arrival) => toAnswer(arrival) ?? [])
  if (filled.length === 0) return []
  const stored = await em.execute<StoredAnswer[]>(
    `insert into flow_answers (id, workspace_id, flow_id, contact_id, conversation_id, message_id, sent_message_id, run_id, token,
       verified, answers, at)
     select n.id, ?, f.id, n.contact_id, n.conversation_id, n.message_id, s.id, s.run_id, n.token,
       coalesce(n.token = coalesce(s.content #>> '{interactive,action,parameters,flow_token}',
         jsonb_path_query_first(s.content, '$.template.components[*].parameters[*].action.flow_token') #>> '{}'), false),
       n.answers,
       to_timestamp(n.at_ms / 1000.0)
     from jsonb_to_recordset(?::jsonb) as n(id uuid, contact_id uuid, conversation_id uuid, message_id uuid, context text,
       token text, answers jsonb, at_ms double precision)
     join conversations v on v.id = n.conversation_id
     left join messages s on s.number_id = v.number_id and s.wamid = n.context and s.direction = 'out'
       and s.conversation_id = v.id
     left join lateral (
       select s.content #> '{interactive,action,parameters}' as names where s.type = 'interactive'
       union all
       select b.value from templates t cross join jsonb_path_query(t.components, '$[*].buttons[*]') b(value)
       where s.type = 'template' and t.workspace_id = ? and t.deleted_at is null and b.value->>'type' = 'FLOW'
         and t.name = s.content #>> '{template,name}' and t.language = s.content #>> '{template,language,code}'
       limit 1) opened on true
     left join lateral (select f.id from flows f where f.workspace_id = ?
       and (f.meta_id = opened.names->>'flow_id' or f.name = opened.names->>'flow_name')
       order by f.deleted_at nulls first limit 1) f on true
     on conflict (message_id) do nothing
     returning message_id, contact_id, coalesce(flow_id::text, '') as flow, answers`,
    [workspaceId, JSON.stringify(filled), workspaceId, workspaceId],
  )
  const causes = new Map(arrivals.map((arrival) => [arrival.id, arrival]))
  return recordEvents(
    em,
    workspaceId,
    stored.flatMap(({ message_id, contact_id: contactId, flow, answers }) => {
      const arrival = causes.get(message_id)
      if (!arrival) return []
      const { factId: causeId, receivedAtMs: atMs } = arrival
      return [{ contactId, type: 'flow_completed', attributes: { flow_id: flow, answers }, atMs, causeId }]
    }),
  )
}

/** An address message comes back in the same form, and is no Flow. */
function toAnswer(arrival: Arrival) {
  const { raw, id, contactId, conversationId, contextWamid, receivedAtMs } = arrival
  const form = readFormAnswers(raw)
  if (!form) return undefined
  const { name } = (raw['interactive'] as { nfm_reply: { name?: unknown } }).nfm_reply
  if (name === 'address_message') return undefined
  const { flow_token: token, ...answers } = form
  return {
    id: newId(),
    contact_id: contactId,
    conversation_id: conversationId,
    message_id: id,
    context: contextWamid ?? null,
    token: typeof token === 'string' ? token : null,
    answers,
    at_ms: receivedAtMs,
  }
}
