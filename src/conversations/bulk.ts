import { z } from 'zod'
import { setSpam } from '../contacts/set-spam.ts'
import { adHoc } from '../db/prepared-statements.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError, type ErrorCode } from '../model/errors.ts'
import { labelSchema } from '../model/label.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { sql } from '../segments/fragment.ts'
import { demandChat, demandTags, type ChatAccess } from './access.ts'
import { assignChat } from './assign.ts'
import { labelChat } from './change-labels.ts'
import { demandMayMark } from './demand-answer.ts'
import { filterSql, type ConversationFilter } from './filter.ts'
import { demandMayAssign } from './may-assign.ts'
import { markRead, markUnread } from './reads.ts'
import { chatStatuses, setStatus } from './status.ts'

/** What is done to many chats at once. */
export const bulkActionSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('assign'),
    userId: z.uuid().nullable().optional(),
    groupId: z.uuid().nullable().optional(),
  }),
  z.strictObject({
    type: z.literal('status'),
    status: z.enum(chatStatuses),
    snoozedUntil: z.iso.datetime({ offset: true }).nullable().optional(),
    outcome: z.string().trim().min(1).max(200).optional(),
  }),
  z.strictObject({ type: z.literal('priority'), priority: z.int().min(0).max(4) }),
  z.strictObject({
    type: z.literal('labels'),
    add: z.array(labelSchema).max(20).default([]),
    remove: z.array(labelSchema).max(20).default([]),
  }),
  z.strictObject({ type: z.literal('read') }),
  z.strictObject({ type: z.literal('unread') }),
  z.strictObject({ type: z.literal('spam'), spam: z.boolean() }),
])
export type BulkAction = z.infer<typeof bulkActionSchema>

/** One call changes no more. */
export const maximumBulk = 500

export interface BulkOutcome {
  id: string
  outcome: 'changed' | 'unchanged' | 'refused'
  code: ErrorCode | null
  /** Why it was refused. */
  reason: string | null
}
export interface BulkOrder {
  access: ChatAccess
  action: BulkAction
  by: string
}

/** Each chat by itself: one that refuses holds no other up. */
export async function changeMany(deps: Deps, order: BulkOrder, ids: string[]): Promise<BulkOutcome[]> {
  const outcomes: BulkOutcome[] = []
  for (const id of new Set(ids)) outcomes.push(await changeOne(deps, order, id))
  return outcomes
}

/** The newest of those that fit; one more than are changed at once when there are more. */
export async function findForBulk(
  deps: Pick<Deps, 'orm'>,
  access: ChatAccess,
  filter: ConversationFilter,
): Promise<string[]> {
  const query = sql`select v.id from conversations v where ${filterSql(access, filter)}
    order by v.active_at desc, v.id desc limit ${maximumBulk + 1}::int`
  const rows = await forkFor(deps.orm, access.workspaceId).execute<{ id: string }[]>(
    adHoc + query.sql,
    query.params,
  )
  return rows.map(({ id }) => id)
}

async function changeOne(deps: Deps, order: BulkOrder, id: string): Promise<BulkOutcome> {
  try {
    const { changed, outbox } = await apply(deps, order, id)
    relaySoon(deps, outbox)
    return { id, outcome: changed ? 'changed' : 'unchanged', code: null, reason: null }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { id, outcome: 'refused', code: error.code, reason: error.message }
  }
}

interface Done {
  changed: boolean
  outbox: OutboxRow[]
}

async function apply(deps: Deps, order: BulkOrder, id: string): Promise<Done> {
  const { access, action, by } = order
  const { workspaceId } = access
  const em = forkFor(deps.orm, workspaceId)
  if (action.type === 'spam') {
    const { contactId } = await demandMayMark(em, access, id)
    const changed = await setSpam(deps, { workspaceId, contactId, spam: action.spam, by })
    return { changed, outbox: [] }
  }
  return em.transactional((tx) => applyWithin(tx, order, action, id))
}

async function applyWithin(
  em: Em,
  { access, by }: BulkOrder,
  action: Exclude<BulkAction, { type: 'spam' }>,
  id: string,
): Promise<Done> {
  const { workspaceId, userId } = access
  const who = { workspaceId, by, byUserId: userId ?? undefined }
  switch (action.type) {
    case 'assign': {
      const { type: _type, ...next } = action
      const { conversationId } = await demandMayAssign(em, access, id, next)
      return assignChat(em, { ...who, conversationId, ...next })
    }
    case 'status':
    case 'priority': {
      const { type: _type, ...next } = action
      const { conversationId } = await demandChat(em, access, id, 'write')
      return setStatus(em, { workspaceId, by, conversationId, ...next })
    }
    case 'labels': {
      const { conversationId } = await demandChat(em, access, id, 'read')
      demandTags(access)
      const add = action.add.map((name) => ({ name }))
      return labelChat(em, { ...who, conversationId, add, remove: action.remove })
    }
    case 'read':
    case 'unread': {
      if (userId === null) throw new AppError('forbidden', 'a key reads nothing')
      const { conversationId } = await demandChat(em, access, id, 'read')
      const place = { workspaceId, conversationId, userId }
      const changed = await (action.type === 'read' ? markRead(em, place) : markUnread(em, place))
      return { changed, outbox: [] }
    }
  }
}
