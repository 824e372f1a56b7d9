import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import type { JsonObject } from '../model/json.ts'
import type { Whose } from './why-chain.ts'

/** One link of an answer to "why?". What stands in the ledger and not among the facts has no fact id. */
export interface WhyLink {
  factId: string | null
  at: string
  kind: string
  words: string
  data: JsonObject
  causeId: string | null
}

export interface LedgerMessage {
  id: string
  direction: 'in' | 'out'
  fact_id: string
  run_id: string | null
  conversation_id: string
  workflow_id: string | null
  state: string | null
  wamid: string | null
  attempt: number
  reason_code: string | null
  reason: string | null
  accepted_at: string | null
  failed_at: string | null
  created_at: string
}

export async function findLedgerMessage(
  em: Em,
  { workspaceId, contactId }: Whose,
  messageId: string,
): Promise<LedgerMessage | undefined> {
  const [message] = await em.execute<LedgerMessage[]>(
    `select m.id, m.direction, m.fact_id, m.run_id, m.conversation_id, r.workflow_id, m.state, m.wamid, m.attempt,
       m.reason_code, m.reason, ${isoTime('m.accepted_at')} as accepted_at, ${isoTime('m.failed_at')} as failed_at,
       ${isoTime('m.created_at')} as created_at
     from messages m left join runs r on r.id = m.run_id
     where m.id = ? and m.workspace_id = ? and m.contact_id = ?`,
    [messageId, workspaceId, contactId],
  )
  return message
}

/** What became of a message after it was sent off: WhatsApp's answer, then every status it reported. */
export async function followLedger(em: Em, message: LedgerMessage): Promise<WhyLink[]> {
  const { id, wamid, state, attempt, accepted_at: acceptedAt, reason_code: code, reason } = message
  const link = (at: string, kind: string, words: string, data: JsonObject = {}): WhyLink => ({
    factId: null,
    at,
    kind,
    words,
    data: { message: id, ...data },
    causeId: message.fact_id,
  })
  const links: WhyLink[] = []
  if (acceptedAt)
    links.push(link(acceptedAt, 'ledger.accepted', 'WhatsApp accepted the message', { wamid, attempt }))
  const statuses = await em.execute<{ status: string; at: string }[]>(
    `select status, ${isoTime('at')} as at from message_statuses
     where message_id = ? or (wamid = ? and message_id is null) order by message_statuses.at, received_at`,
    [id, wamid],
  )
  for (const { status, at } of statuses) {
    const why = status === 'failed' && reason ? `: ${code}: ${reason}` : ''
    links.push(link(at, `status.${status}`, `WhatsApp reported it ${status}${why}`))
  }
  const hasFailedStatus = statuses.some(({ status }) => status === 'failed')
  const at = message.failed_at ?? message.created_at
  if (state === 'failed' && !hasFailedStatus)
    links.push(link(at, 'ledger.failed', `it failed: ${code}: ${reason}`))
  if (state === 'unknown')
    links.push(link(at, 'ledger.unknown', `nobody knows whether it arrived: ${reason ?? 'no answer came'}`))
  if (state === 'inflight') links.push(link(at, 'ledger.inflight', 'it is on its way to WhatsApp'))
  if (state === 'planned')
    links.push(link(at, 'ledger.planned', `it waits to be sent${reason ? `: ${reason}` : ''}`))
  return links
}
