import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { changeTypes } from '../model/message-change.ts'
import { outcomeWords } from '../model/outcome-words.ts'
import { messageColumns, messageJoins } from './message-columns.ts'
import type { MessageDetail } from './message-detail.ts'

const detailSql = `select ${messageColumns} from messages m ${messageJoins}`

/** What changes another message is shown with that one. */
const isShown = `m.type not in (${changeTypes.map((type) => `'${type}'`).join(', ')})`

/** Newest first. With `after`, those that come right behind it; with `upTo`, it and those before it. */
export async function listMessages(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    conversationId: string
    before?: string | undefined
    upTo?: string | undefined
    after?: string | undefined
    limit: number
  },
): Promise<MessageDetail[]> {
  const { workspaceId, conversationId, before = null, upTo = null, after = null, limit } = input
  const rows = await forkFor(deps.orm, workspaceId).execute<MessageDetail[]>(
    `${detailSql} where m.workspace_id = ? and m.conversation_id = ? and (?::uuid is null or m.id < ?)
       and (?::uuid is null or m.id <= ?) and (?::uuid is null or m.id > ?) and ${isShown}
     order by m.id ${after === null ? 'desc' : 'asc'} limit ?`,
    [workspaceId, conversationId, before, before, upTo, upTo, after, after, limit],
  )
  return (after === null ? rows : rows.reverse()).map(withWords)
}

/** In the order of the ids. */
export async function listMessagesByIds(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  ids: string[],
): Promise<MessageDetail[]> {
  const rows = await forkFor(deps.orm, workspaceId).execute<MessageDetail[]>(
    `${detailSql} where m.workspace_id = ? and m.id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, JSON.stringify(ids)],
  )
  const byId = new Map(rows.map((row) => [row.id, withWords(row)]))
  return ids.flatMap((id) => byId.get(id) ?? [])
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
  const rows = await forkFor(deps.orm, workspaceId).execute<MessageDetail[]>(
    `${detailSql} where m.workspace_id = ? and m.contact_id = ? and m.number_id = ?
       and m.created_at >= to_timestamp(?::float8 / 1000) and m.created_at <= to_timestamp(?::float8 / 1000)
       and (m.direction = 'in' or m.state in ('inflight', 'accepted', 'unknown'))
     order by m.id offset ? limit ?`,
    [workspaceId, contactId, numberId, sinceMs, untilMs, from, limit],
  )
  return rows.map(withWords)
}

/** Those of the ids that are there, in no order. */
export async function findMessages(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  ids: readonly string[],
): Promise<MessageDetail[]> {
  if (ids.length === 0) return []
  return forkFor(deps.orm, workspaceId).execute<MessageDetail[]>(
    `${detailSql} where m.workspace_id = ? and m.id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, JSON.stringify(ids)],
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
  return withWords(message)
}

/** Of what did not arrive, why, in words for people; WhatsApp's own stand beside them. */
function withWords(message: MessageDetail): MessageDetail {
  const { ledger } = message
  if (!ledger) return message
  const words =
    ledger.state === 'unknown'
      ? 'nobody can say whether it arrived: WhatsApp gave no answer'
      : (outcomeWords(ledger.reasonCode ?? '') ?? ledger.reason)
  const isOver = ['failed', 'skipped', 'unknown'].includes(ledger.state)
  return { ...message, ledger: { ...ledger, words: isOver ? words : null } }
}
