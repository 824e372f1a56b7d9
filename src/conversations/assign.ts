import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { assigned } from '../lifecycle/on-deeds.ts'
import { announce } from '../live/announce.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { lockChat, type LockedChat } from '../takeover/active-takeover.ts'
import { followBot } from './follow-bot.ts'
import { notify } from './notify.ts'

export interface Assignment {
  workspaceId: string
  conversationId: string
  /** Undefined leaves it as it is, null takes it away. */
  userId?: string | null | undefined
  groupId?: string | null | undefined
  /** For the trace: `user <id>`, `key <id>`, or the rule or timer that did it. */
  by: string
  /** The person who did it: is not told of it. */
  byUserId?: string | undefined
  /** Why, as the rule or timer saw it. */
  reason?: JsonObject | undefined
  /** Leaves a chat alone that a user or a group has. */
  unlessAssigned?: boolean | undefined
  causeId?: string | undefined
}

export interface Assigned {
  /** False: it was so already, nobody was told. */
  changed: boolean
  eventId?: string
  outbox: OutboxRow[]
}

interface Holder {
  assigned_user_id: string | null
  assigned_group_id: string | null
  user_name: string | null
  group_name: string | null
  user_role: string | null
  spam: boolean
}

/** Gives a chat to a user, a group or nobody, in the caller's transaction. */
export async function assignChat(em: Em, input: Assignment): Promise<Assigned> {
  const chat = await lockChat(em, input.workspaceId, input.conversationId)
  const before = await readHolder(em, input.workspaceId, chat.conversationId)
  const isTaken = before.assigned_user_id !== null || before.assigned_group_id !== null
  if (input.unlessAssigned && isTaken) return { changed: false, outbox: [] }
  return apply(em, input, chat, before)
}

/** For oneself, when nobody has it. Who has it already keeps it. */
export async function claimChat(
  em: Em,
  { userId, ...input }: Omit<Assignment, 'userId' | 'groupId' | 'byUserId'> & { userId: string },
): Promise<Assigned> {
  const chat = await lockChat(em, input.workspaceId, input.conversationId)
  const before = await readHolder(em, input.workspaceId, chat.conversationId)
  if (before.assigned_user_id !== null && before.assigned_user_id !== userId) {
    const details = { userId: before.assigned_user_id, name: before.user_name }
    throw new AppError('conflict', `${before.user_name} has this chat already`, { details })
  }
  return apply(em, { ...input, userId, byUserId: userId }, chat, before)
}

async function apply(em: Em, input: Assignment, chat: LockedChat, before: Holder): Promise<Assigned> {
  const { workspaceId, userId, groupId } = input
  const next = {
    userId: userId === undefined ? before.assigned_user_id : userId,
    groupId: groupId === undefined ? before.assigned_group_id : groupId,
  }
  const userChanges = next.userId !== before.assigned_user_id
  const groupChanges = next.groupId !== before.assigned_group_id
  if (!userChanges && !groupChanges) return { changed: false, outbox: [] }
  if (userChanges && next.userId !== null) await demandUser(em, workspaceId, next.userId)
  if (groupChanges && next.groupId !== null) await demandGroup(em, workspaceId, next.groupId)
  await write(em, chat.conversationId, workspaceId, next)
  const after = await readHolder(em, workspaceId, chat.conversationId)
  const eventId = await noteEvent(em, input, chat, { before, after, userChanges, groupChanges })
  const factId = await noteFact(em, input, chat, after, eventId)
  await announce(em, workspaceId, [
    { kind: 'conversation.assigned', conversationId: chat.conversationId, data: { eventId } },
  ])
  if (!after.spam) {
    const userIds = userChanges && next.userId !== null ? [next.userId] : []
    await notify(em, {
      ...{ workspaceId, kind: 'assigned', conversationId: chat.conversationId },
      ...{ userIds, data: { event: eventId }, butUserId: input.byUserId },
      ...(userIds.length === 0 && groupChanges && next.groupId !== null && { groupId: next.groupId }),
    })
  }
  const outbox = userChanges ? await followBot(em, { ...input, causeId: factId }, before, after) : []
  outbox.push(...(await assigned(em, { workspaceId, conversationId: chat.conversationId })))
  return { changed: true, eventId, outbox }
}

async function readHolder(em: Em, workspaceId: string, conversationId: string): Promise<Holder> {
  const [holder] = await em.execute<Holder[]>(
    `select v.assigned_user_id, v.assigned_group_id, v.spam, u.username as user_name, u.role as user_role, g.name as group_name
     from conversations v left join users u on u.id = v.assigned_user_id left join groups g on g.id = v.assigned_group_id
     where v.id = ? and v.workspace_id = ?`,
    [conversationId, workspaceId],
  )
  if (!holder) throw new AppError('not_found', `conversation ${conversationId} does not exist`)
  return holder
}

async function demandUser(em: Em, workspaceId: string, userId: string): Promise<void> {
  const [user] = await em.execute<object[]>(
    'select 1 from users where id = ? and workspace_id = ? and deactivated_at is null for share',
    [userId, workspaceId],
  )
  if (!user) throw refuse('userId', `there is no active user ${userId}`)
}

async function demandGroup(em: Em, workspaceId: string, groupId: string): Promise<void> {
  const [group] = await em.execute<object[]>(
    'select 1 from groups where id = ? and workspace_id = ? for key share',
    [groupId, workspaceId],
  )
  if (!group) throw refuse('groupId', `there is no group ${groupId}`)
}

function refuse(field: string, message: string): AppError {
  return new AppError('unprocessable', `${field}: ${message}`, { fields: [{ field, message }] })
}

/** Whoever gets it leaves nothing of it in the queue. */
async function write(
  em: Em,
  conversationId: string,
  workspaceId: string,
  { userId, groupId }: { userId: string | null; groupId: string | null },
): Promise<void> {
  await em.execute(
    `with chat as (
       update conversations set assigned_user_id = ?, assigned_group_id = ?,
         assigned_at = case when ?::uuid is null and ?::uuid is null then null else now() end,
         queued_at = case when ?::uuid is null then queued_at end
       where id = ? and workspace_id = ? returning id)
     update conversation_episodes e set assigned_at = coalesce(e.assigned_at, now()) from chat
     where e.conversation_id = chat.id and e.closed_at is null and (?::uuid is not null or ?::uuid is not null)`,
    [userId, groupId, userId, groupId, userId, conversationId, workspaceId, userId, groupId],
  )
}

interface Change {
  before: Holder
  after: Holder
  userChanges: boolean
  groupChanges: boolean
}

async function noteEvent(
  em: Em,
  { workspaceId, by, byUserId, reason }: Assignment,
  { conversationId }: LockedChat,
  { after, userChanges, groupChanges }: Change,
): Promise<string> {
  const id = newId()
  await em.execute(
    `insert into assignment_events (id, workspace_id, conversation_id, user_set, user_cleared, group_set, group_cleared, by,
       by_user_id, reason) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb)`,
    [
      ...[id, workspaceId, conversationId],
      ...[userChanges ? after.assigned_user_id : null, userChanges && after.assigned_user_id === null],
      ...[groupChanges ? after.assigned_group_id : null, groupChanges && after.assigned_group_id === null],
      ...[by, byUserId ?? null, reason ? JSON.stringify(reason) : null],
    ],
  )
  return id
}

async function noteFact(
  em: Em,
  { workspaceId, by, reason, causeId }: Assignment,
  { conversationId, contactId }: LockedChat,
  after: Holder,
  eventId: string,
): Promise<string> {
  const id = newId()
  const to = [after.user_name, after.group_name && `the team "${after.group_name}"`]
    .filter(Boolean)
    .join(', ')
  const ids = { user: after.assigned_user_id, group: after.assigned_group_id }
  const data = { conversation: conversationId, event: eventId, ...ids, to, by, reason: reason ?? null }
  await recordFacts(em, workspaceId, [
    { id, atMs: Date.now(), kind: 'chat.assigned', contactId, causeId, data },
  ])
  return id
}
