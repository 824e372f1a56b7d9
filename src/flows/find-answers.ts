import { contactName } from '../contacts/contact-names.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { JsonObject } from '../model/json.ts'

/** A Flow that was filled in. */
export interface FlowAnswer {
  id: string
  flowId: string | null
  flowName: string | null
  contactId: string
  contactName: string | null
  conversationId: string
  /** The customer's message that brought it, and ours that opened the Flow. */
  messageId: string
  sentMessageId: string | null
  runId: string | null
  /** The token that came back is the one that was sent. */
  verified: boolean
  answers: JsonObject
  at: string
}

export interface AnswerFilter {
  flowId?: string | undefined
  contactId?: string | undefined
  runId?: string | undefined
  from?: string | undefined
  to?: string | undefined
  /** An answer's name and value, as text. */
  field?: string | undefined
  value?: string | undefined
}

/** Newest first. */
export async function listFlowAnswers(
  deps: Pick<Deps, 'orm'>,
  input: AnswerFilter & { workspaceId: string; before?: string | undefined; limit: number },
): Promise<FlowAnswer[]> {
  const { workspaceId, flowId, contactId, runId, from, to, field, value, before, limit } = input
  return forkFor(deps.orm, workspaceId).execute<FlowAnswer[]>(
    `select a.id, a.flow_id as "flowId", f.name as "flowName", a.contact_id as "contactId",
       ${contactName} as "contactName",
       a.conversation_id as "conversationId", a.message_id as "messageId", a.sent_message_id as "sentMessageId",
       a.run_id as "runId", a.verified, a.answers, ${isoTime('a.at')} as at
     from flow_answers a join contacts c on c.id = a.contact_id left join flows f on f.id = a.flow_id
     where a.workspace_id = ? and (?::uuid is null or a.id < ?) and (?::uuid is null or a.flow_id = ?)
       and (?::uuid is null or a.contact_id = ?) and (?::uuid is null or a.run_id = ?)
       and (?::timestamptz is null or a.at >= ?) and (?::timestamptz is null or a.at < ?)
       and (?::text is null or case when ?::text is null then jsonb_exists(a.answers, ?) else a.answers ->> ? = ? end)
     order by a.id desc limit ?`,
    [
      workspaceId,
      ...[before, flowId, contactId, runId, from, to].flatMap((each) => [each ?? null, each ?? null]),
      field ?? null,
      value ?? null,
      field ?? null,
      field ?? null,
      value ?? null,
      limit,
    ],
  )
}
