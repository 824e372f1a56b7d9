import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { episodeOpened, statusChanged } from '../lifecycle/on-deeds.ts'
import { announce } from '../live/announce.ts'
import { AppError } from '../model/errors.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { lockChat, type LockedChat } from '../takeover/active-takeover.ts'
import { handBack } from '../takeover/hand-back.ts'
import { closeEpisode } from './episodes.ts'

export const chatStatuses = ['open', 'pending', 'snoozed', 'closed'] as const
export type ChatStatus = (typeof chatStatuses)[number]

export interface Standing {
  workspaceId: string
  conversationId: string
  status?: ChatStatus | undefined
  /** With `snoozed`: until then or until the customer writes; null: only until the customer writes. */
  snoozedUntil?: string | null | undefined
  /** 0 none to 4 urgent. */
  priority?: number | undefined
  by: string
  /** Of a closing: `resolved` when absent. */
  outcome?: string | undefined
  causeId?: string | undefined
}

interface StandingRow {
  status: ChatStatus
  snoozed_until: string | null
  priority: number
}

/** How a chat stands, set by a person, a rule or a timer, in the caller's transaction. What is so already is told to nobody. */
export async function setStatus(em: Em, input: Standing): Promise<{ changed: boolean; outbox: OutboxRow[] }> {
  const { workspaceId, status, snoozedUntil = null, priority } = input
  const chat = await lockChat(em, workspaceId, input.conversationId)
  const [before] = await em.execute<[StandingRow]>(
    `select status, snoozed_until, priority from conversations where id = ? and workspace_id = ?`,
    [chat.conversationId, workspaceId],
  )
  if (snoozedUntil !== null && status !== 'snoozed') {
    throw refuse('snoozedUntil', 'is given with the status `snoozed` only')
  }
  const isSame =
    status === before.status && (status !== 'snoozed' || sameTime(before.snoozed_until, snoozedUntil))
  const outbox = status === undefined || isSame ? [] : await move(em, input, chat, { before, status })
  const rises = priority !== undefined && priority !== before.priority
  if (rises) await setPriority(em, input, chat, before.priority, priority)
  return { changed: rises || (status !== undefined && !isSame), outbox }
}

function sameTime(before: string | null, after: string | null): boolean {
  return (before && Date.parse(before)) === (after && Date.parse(after))
}

async function move(
  em: Em,
  input: Standing,
  chat: LockedChat,
  { before, status }: { before: StandingRow; status: ChatStatus },
): Promise<OutboxRow[]> {
  const { workspaceId, by, causeId, outcome = 'resolved', snoozedUntil = null } = input
  const { conversationId, contactId } = chat
  if (status === 'closed') {
    const closed = await closeEpisode(em, { workspaceId, conversationId, contactId, outcome, by, causeId })
    return [...closed, ...(await letGo(em, workspaceId, conversationId, by))]
  }
  if (snoozedUntil !== null && Date.parse(snoozedUntil) <= Date.now()) {
    throw refuse('snoozedUntil', 'is past')
  }
  if (before.status === 'closed') await reopen(em, workspaceId, conversationId, by)
  await em.execute(
    'update conversations set status = ?, snoozed_until = ?::timestamptz where id = ? and workspace_id = ?',
    [status, snoozedUntil, conversationId, workspaceId],
  )
  await recordFacts(em, workspaceId, [
    {
      ...{ id: newId(), atMs: Date.now(), kind: 'chat.status', contactId, causeId },
      data: { conversation: conversationId, from: before.status, to: status, until: snoozedUntil, by },
    },
  ])
  await announce(em, workspaceId, [
    { kind: 'conversation.changed', conversationId, data: { what: ['status'] } },
  ])
  const ref = { workspaceId, conversationId }
  return [
    ...(before.status === 'closed' ? await episodeOpened(em, ref) : []),
    ...(await statusChanged(em, ref)),
  ]
}

/** Who closes a chat is done with it: its journeys go on, and a keyword starts one. A program holds what it was given. */
async function letGo(em: Em, workspaceId: string, conversationId: string, by: string): Promise<OutboxRow[]> {
  const [chat] = await em.execute<{ is_bots: boolean }[]>(
    `select u.role = 'app' as is_bots from conversations v join users u on u.id = v.assigned_user_id
     where v.id = ? and v.workspace_id = ?`,
    [conversationId, workspaceId],
  )
  if (chat?.is_bots) return []
  const order = { workspaceId, conversationId, by, outcome: 'handed-back' } as const
  return (await handBack(em, order))?.outbox ?? []
}

/** What was closed a short while ago goes on; otherwise something new begins. */
async function reopen(em: Em, workspaceId: string, conversationId: string, by: string): Promise<void> {
  const taken = await em.execute<object[]>(
    `update conversation_episodes set closed_at = null, closed_by = null, outcome = null, reopened = reopened + 1
     where id = (select id from conversation_episodes where conversation_id = ? and workspace_id = ?
       order by opened_at desc, id desc limit 1) and closed_at > now() - interval '1 day' returning 1`,
    [conversationId, workspaceId],
  )
  if (taken.length > 0) return
  await em.execute(
    `insert into conversation_episodes (id, workspace_id, conversation_id, opened_by) values (?, ?, ?, ?) on conflict do nothing`,
    [newId(), workspaceId, conversationId, by],
  )
}

async function setPriority(
  em: Em,
  { workspaceId, by, causeId }: Standing,
  { conversationId, contactId }: LockedChat,
  from: number,
  to: number,
): Promise<void> {
  await em.execute('update conversations set priority = ? where id = ? and workspace_id = ?', [
    ...[to, conversationId, workspaceId],
  ])
  const data = { conversation: conversationId, from, to, by }
  await recordFacts(em, workspaceId, [
    { id: newId(), atMs: Date.now(), kind: 'chat.priority', contactId, causeId, data },
  ])
  await announce(em, workspaceId, [
    { kind: 'conversation.changed', conversationId, data: { what: ['priority'] } },
  ])
}

function refuse(field: string, message: string): AppError {
  return new AppError('unprocessable', `${field} ${message}`, {
    fields: [{ field, message: `it ${message}` }],
  })
}
