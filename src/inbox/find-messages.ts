import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'

/** A message as the API shows one. Of what we sent, `ledger` says what became of it. */
export interface MessageDetail {
  id: string
  conversationId: string
  numberId: string
  contactId: string
  direction: 'in' | 'out'
  type: string
  content: JsonObject
  text: string
  wamid: string | null
  contextWamid: string | null
  runId: string | null
  cardId: string | null
  createdAt: string
  /** When the customer's phone sent it. */
  sentByCustomerAt: string | null
  ledger: {
    state: 'planned' | 'inflight' | 'accepted' | 'failed' | 'unknown' | 'skipped'
    status: string | null
    class: string | null
    attempt: number
    reasonCode: string | null
    reason: string | null
    acceptedAt: string | null
    sentAt: string | null
    deliveredAt: string | null
    readAt: string | null
    playedAt: string | null
    failedAt: string | null
  } | null
}

const detailSql = `select m.id, m.conversation_id as "conversationId", m.number_id as "numberId",
  m.contact_id as "contactId", m.direction, m.type, m.content, m.text, m.wamid, m.context_wamid as "contextWamid",
  m.run_id as "runId", m.card_id as "cardId", ${isoTime('m.created_at')} as "createdAt",
  ${isoTime('m.sent_by_customer_at')} as "sentByCustomerAt",
  case when m.direction = 'out' then jsonb_build_object('state', m.state, 'status', m.status, 'class', m.class,
    'attempt', m.attempt, 'reasonCode', m.reason_code, 'reason', m.reason, 'acceptedAt', ${isoTime('m.accepted_at')},
    'sentAt', ${isoTime('m.sent_at')}, 'deliveredAt', ${isoTime('m.delivered_at')}, 'readAt', ${isoTime('m.read_at')},
    'playedAt', ${isoTime('m.played_at')}, 'failedAt', ${isoTime('m.failed_at')}) end as ledger
  from messages m`

/** Newest first. */
export async function listMessages(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; conversationId: string; before?: string | undefined; limit: number },
): Promise<MessageDetail[]> {
  const { workspaceId, conversationId, before = null, limit } = input
  return forkFor(deps.orm, workspaceId).execute<MessageDetail[]>(
    `${detailSql} where m.workspace_id = ? and m.conversation_id = ? and (?::uuid is null or m.id < ?)
     order by m.id desc limit ?`,
    [workspaceId, conversationId, before, before, limit],
  )
}

/** What a contact and a number said to each other, the oldest first; times are inclusive. */
export async function listChat(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    numberId: string
    contactId: string
    sinceMs: number
    untilMs: number
    from: number
    limit: number
  },
): Promise<MessageDetail[]> {
  const { workspaceId, numberId, contactId, sinceMs, untilMs, from, limit } = input
  return forkFor(deps.orm, workspaceId).execute<MessageDetail[]>(
    `${detailSql} where m.workspace_id = ? and m.contact_id = ? and m.number_id = ?
       and m.created_at >= to_timestamp(?::float8 / 1000) and m.created_at <= to_timestamp(?::float8 / 1000)
       and (m.direction = 'in' or m.state in ('inflight', 'accepted', 'unknown'))
     order by m.id offset ? limit ?`,
    [workspaceId, contactId, numberId, sinceMs, untilMs, from, limit],
  )
}

export async function getMessage(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  messageId: string,
): Promise<MessageDetail> {
  const [message] = await forkFor(deps.orm, workspaceId).execute<MessageDetail[]>(
    `${detailSql} where m.workspace_id = ? and m.id = ?`,
    [workspaceId, messageId],
  )
  if (!message) throw new AppError('not_found', `message ${messageId} does not exist`)
  return message
}
