import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import { announce } from '../live/announce.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { MessageClass, MessageContent } from '../model/message.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { lockChat } from '../takeover/active-takeover.ts'
import { wakeChats } from './timers.ts'

export const scheduledStates = ['scheduled', 'held', 'sent', 'cancelled', 'failed'] as const
export const replyModes = ['hold', 'cancel', 'send'] as const

export interface ScheduledMessage {
  id: string
  conversationId: string
  what: { blockId: string } | { content: MessageContent }
  vars: JsonObject
  class: MessageClass
  dueAt: string
  onReply: (typeof replyModes)[number]
  state: (typeof scheduledStates)[number]
  /** Why it is held, was cancelled or failed. */
  reason: string | null
  messageId: string | null
  by: string
  byUser: { id: string; name: string } | null
  createdAt: string
  updatedAt: string
  settledAt: string | null
}

export type ScheduledText = Pick<ScheduledMessage, 'what' | 'vars' | 'class' | 'dueAt' | 'onReply'>

const columns = `s.id, s.conversation_id as "conversationId", s.what, s.vars, s.class, ${isoTime('s.due_at')} as "dueAt",
  s.on_reply as "onReply", s.state, s.reason, s.message_id as "messageId", s.by,
  (select jsonb_build_object('id', u.id, 'name', u.username) from users u where u.id = s.by_user_id) as "byUser",
  ${isoTime('s.created_at')} as "createdAt", ${isoTime('s.updated_at')} as "updatedAt", ${isoTime('s.settled_at')} as "settledAt"`

/** Newest first. @param readable SQL that is true of chats `v` that the asker may read */
export async function listScheduled(
  em: Em,
  input: {
    workspaceId: string
    conversationId?: string | undefined
    state?: ScheduledMessage['state'] | undefined
    before?: string | undefined
    limit: number
    readable: { sql: string; params: string[] }
  },
): Promise<ScheduledMessage[]> {
  const { workspaceId, conversationId = null, state = null, before = null, limit, readable } = input
  return em.execute<ScheduledMessage[]>(
    `select ${columns} from scheduled_messages s join conversations v on v.id = s.conversation_id
     where s.workspace_id = ? and (?::uuid is null or s.conversation_id = ?::uuid) and (?::text is null or s.state = ?::text)
       and (?::uuid is null or s.id < ?::uuid) and ${readable.sql} order by s.id desc limit ?`,
    [
      ...[workspaceId, conversationId, conversationId, state, state, before, before],
      ...[...readable.params, limit],
    ],
  )
}

export async function getScheduled(em: Em, workspaceId: string, id: string): Promise<ScheduledMessage> {
  const [row] = await em.execute<ScheduledMessage[]>(
    `select ${columns} from scheduled_messages s where s.workspace_id = ? and s.id = ?`,
    [workspaceId, id],
  )
  if (!row) throw new AppError('not_found', `scheduled message ${id} does not exist`)
  return row
}

/** Before whoever writes from now on: the chat is locked, as an inbound message locks it. */
export async function scheduleMessage(
  em: Em,
  input: ScheduledText & {
    workspaceId: string
    conversationId: string
    by: string
    byUserId: string | null
  },
): Promise<{ id: string; outbox: OutboxRow[] }> {
  const { workspaceId, what, vars, dueAt, onReply, by, byUserId } = input
  demandFuture(dueAt)
  const chat = await lockChat(em, workspaceId, input.conversationId)
  const id = newId()
  await em.execute(
    `insert into scheduled_messages (id, workspace_id, conversation_id, what, vars, class, due_at, on_reply, by, by_user_id)
     values (?, ?, ?, ?::jsonb, ?::jsonb, ?, ?::timestamptz, ?, ?, ?)`,
    [
      ...[id, workspaceId, chat.conversationId, JSON.stringify(what), JSON.stringify(vars), input.class],
      ...[dueAt, onReply, by, byUserId],
    ],
  )
  const data = { scheduled: id, until: dueAt, by }
  return { id, outbox: await note(em, workspaceId, chat, 'scheduled.made', data) }
}

/**
 * Changes what has not gone out. What the customer's message held goes on being held, until it is released: then it goes out
 * at its time, or at once when that has passed.
 */
export async function changeScheduled(
  em: Em,
  input: { workspaceId: string; id: string; by: string; release?: boolean; change: Partial<ScheduledText> },
): Promise<OutboxRow[]> {
  const { workspaceId, id, by, release = false, change } = input
  if (change.dueAt !== undefined) demandFuture(change.dueAt)
  const { chat, row } = await lockScheduled(em, workspaceId, id)
  if (release && row.state !== 'held') throw new AppError('conflict', 'only what is held can be released')
  const next = { ...row, ...change }
  await em.execute(
    `update scheduled_messages set what = ?::jsonb, vars = ?::jsonb, class = ?, due_at = ?::timestamptz, on_reply = ?,
       state = case when ? then 'scheduled' else state end, reason = case when ? then null else reason end, updated_at = now()
     where id = ? and workspace_id = ?`,
    [
      ...[JSON.stringify(next.what), JSON.stringify(next.vars), next.class, next.dueAt, next.onReply],
      ...[release, release, id, workspaceId],
    ],
  )
  const data = { scheduled: id, until: next.dueAt, by, changed: Object.keys(change) }
  return note(em, workspaceId, chat, release ? 'scheduled.released' : 'scheduled.changed', data)
}

export async function cancelScheduled(
  em: Em,
  { workspaceId, id, by }: { workspaceId: string; id: string; by: string },
): Promise<OutboxRow[]> {
  const { chat } = await lockScheduled(em, workspaceId, id)
  await em.execute(
    `update scheduled_messages set state = 'cancelled', reason = ?, settled_at = now(), updated_at = now()
     where id = ? and workspace_id = ?`,
    [`cancelled by ${by}`, id, workspaceId],
  )
  return note(em, workspaceId, chat, 'scheduled.cancelled', { scheduled: id, by })
}

function demandFuture(dueAt: string): void {
  if (Date.parse(dueAt) > Date.now()) return
  const message = 'must be later than now'
  throw new AppError('unprocessable', `dueAt: ${message}`, { fields: [{ field: 'dueAt', message }] })
}

/** The chat first, then its row, as whoever sends and whoever holds it. */
async function lockScheduled(em: Em, workspaceId: string, id: string) {
  const { conversationId } = await getScheduled(em, workspaceId, id)
  const chat = await lockChat(em, workspaceId, conversationId)
  const row = await getScheduled(em, workspaceId, id)
  if (row.state !== 'scheduled' && row.state !== 'held') {
    throw new AppError('conflict', `this message is ${row.state}: nothing about it can be changed`)
  }
  return { chat, row }
}

async function note(
  em: Em,
  workspaceId: string,
  { conversationId, contactId }: { conversationId: string; contactId: string },
  kind: string,
  data: JsonObject,
): Promise<OutboxRow[]> {
  const all = { ...data, conversation: conversationId }
  await recordFacts(em, workspaceId, [{ id: newId(), atMs: Date.now(), kind, contactId, data: all }])
  await announce(em, workspaceId, [
    { kind: 'conversation.changed', conversationId, data: { what: ['scheduled'] } },
  ])
  return wakeChats(em, workspaceId, [conversationId])
}
