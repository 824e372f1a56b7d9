import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { announce } from '../live/announce.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { relaySoon } from '../outbox/relay.ts'
import { ruleTagging } from '../rules/route-chat.ts'
import { lockChat } from '../takeover/active-takeover.ts'
import { applyLabels } from './change-labels.ts'
import { noteTaggings } from './note-taggings.ts'
import { getTag } from './tags.ts'

/** A tag on a chat or on a message. */
export interface Tagging {
  /** Of a message's; a chat's is known by chat and tag. */
  id: string | null
  number: number
  messageId: string | null
  tag: { id: string; number: number; name: string; color: string | null }
  extra: JsonObject | null
  by: string
  createdAt: string
}
export interface TaggingOrder {
  workspaceId: string
  /** A tag's id, or its number. */
  tag: string | number
  extra?: JsonObject | undefined
  by: string
  byUserId?: string | undefined
}

const tagOf = `jsonb_build_object('id', t.id, 'number', t.number, 'name', t.name, 'color', t.color) as tag`

/** What a chat and its messages are tagged with, in the order in which it was done. */
export async function listTaggings(
  em: Em,
  input: { workspaceId: string; conversationId: string; after?: number | undefined; limit: number },
): Promise<{ chat: Tagging[]; messages: Tagging[] }> {
  const { workspaceId, conversationId, after = 0, limit } = input
  const chat = await em.execute<Tagging[]>(
    `select null as id, l.number::int, null as "messageId", ${tagOf}, l.extra, l.by, ${isoTime('l.created_at')} as "createdAt"
     from conversation_labels l join tags t on t.workspace_id = l.workspace_id and t.name = l.label
     where l.workspace_id = ? and l.conversation_id = ? order by l.number`,
    [workspaceId, conversationId],
  )
  const messages = await em.execute<Tagging[]>(
    `select g.id, g.number::int, g.message_id as "messageId", ${tagOf}, g.extra, g.by, ${isoTime('g.created_at')} as "createdAt"
     from messages m join message_taggings g on g.message_id = m.id join tags t on t.id = g.tag_id
     where m.workspace_id = ? and m.conversation_id = ? and g.number > ? order by g.number limit ?`,
    [workspaceId, conversationId, after, limit],
  )
  return { chat, messages }
}

/** Tags a chat; a chat has a tag once. */
export async function tagChat(
  deps: Deps,
  { tag, extra, ...input }: TaggingOrder & { conversationId: string },
): Promise<Tagging> {
  const { workspaceId } = input
  const { tagging, outbox } = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { name } = await getTag(em, workspaceId, tag)
    const { conversationId } = await lockChat(em, workspaceId, input.conversationId)
    const { eventIds } = await applyLabels(em, { ...input, add: [{ name, extra }], remove: [] })
    if (eventIds.length === 0) throw alreadyThere('chat', name)
    const { chat } = await listTaggings(em, { workspaceId, conversationId, limit: 0 })
    const told = await ruleTagging(em, { workspaceId, eventIds })
    return { tagging: chat.find((each) => each.tag.name === name), outbox: told }
  })
  relaySoon(deps, outbox)
  return tagging as Tagging
}

/** Tags a message, and its chat with it. */
export async function tagMessage(
  deps: Deps,
  { tag, extra, messageId, ...input }: TaggingOrder & { messageId: string },
): Promise<Tagging> {
  const { workspaceId, by } = input
  const { tagging, outbox } = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { id: tagId, name } = await getTag(em, workspaceId, tag)
    const { conversationId, contactId } = await lockChatOf(em, workspaceId, messageId)
    const id = newId()
    const made = await em.execute<object[]>(
      `insert into message_taggings (id, workspace_id, message_id, tag_id, extra, by) values (?, ?, ?, ?, ?::jsonb, ?)
       on conflict do nothing returning 1`,
      [id, workspaceId, messageId, tagId, extra ? JSON.stringify(extra) : null, by],
    )
    if (made.length === 0) throw alreadyThere('message', name)
    const place = { ...input, conversationId, messageId }
    const own = await noteTaggings(em, place, 'message', [{ action: 'added', tagId, extra }])
    await noteMessage(em, place, { contactId, name, action: 'added', eventIds: own })
    const { eventIds } = await applyLabels(em, {
      ...input,
      conversationId,
      add: [{ name, extra }],
      remove: [],
    })
    const told = await ruleTagging(em, { workspaceId, eventIds: [...own, ...eventIds] })
    return { tagging: await getMessageTagging(em, workspaceId, messageId, id), outbox: told }
  })
  relaySoon(deps, outbox)
  return tagging
}

/** The chat keeps its tag. @param tagging its id, or its number. */
export async function untagMessage(
  deps: Deps,
  input: Omit<TaggingOrder, 'tag' | 'extra'> & { messageId: string; tagging: string | number },
): Promise<void> {
  const { workspaceId, messageId } = input
  const outbox = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { conversationId, contactId } = await lockChatOf(em, workspaceId, messageId)
    const { id, tag, extra } = await getMessageTagging(em, workspaceId, messageId, input.tagging)
    await em.execute('delete from message_taggings where id = ? and workspace_id = ?', [id, workspaceId])
    const place = { ...input, conversationId }
    const eventIds = await noteTaggings(em, place, 'message', [
      { action: 'removed', tagId: tag.id, extra: extra ?? undefined },
    ])
    await noteMessage(em, place, { contactId, name: tag.name, action: 'removed', eventIds })
    return ruleTagging(em, { workspaceId, eventIds })
  })
  relaySoon(deps, outbox)
}

async function lockChatOf(em: Em, workspaceId: string, messageId: string) {
  const [message] = await em.execute<{ conversation_id: string }[]>(
    'select conversation_id from messages where id = ? and workspace_id = ?',
    [messageId, workspaceId],
  )
  if (!message) throw new AppError('not_found', `message ${messageId} does not exist`)
  return lockChat(em, workspaceId, message.conversation_id)
}

async function getMessageTagging(
  em: Em,
  workspaceId: string,
  messageId: string,
  tagging: string | number,
): Promise<Tagging> {
  const [found] = await em.execute<Tagging[]>(
    `select g.id, g.number::int, g.message_id as "messageId", ${tagOf}, g.extra, g.by, ${isoTime('g.created_at')} as "createdAt"
     from message_taggings g join tags t on t.id = g.tag_id
     where g.workspace_id = ? and g.message_id = ? and ${typeof tagging === 'number' ? 'g.number' : 'g.id'} = ?`,
    [workspaceId, messageId, tagging],
  )
  if (!found) throw new AppError('not_found', `there is no tagging ${tagging} of this message`)
  return found
}

async function noteMessage(
  em: Em,
  {
    workspaceId,
    conversationId,
    messageId,
    by,
  }: { workspaceId: string; conversationId: string; messageId: string; by: string },
  what: { contactId: string; name: string; action: string; eventIds: string[] },
): Promise<void> {
  const data = { conversation: conversationId, message: messageId, tag: what.name, action: what.action, by }
  await recordFacts(em, workspaceId, [
    { id: newId(), atMs: Date.now(), kind: 'message.tagged', contactId: what.contactId, data },
  ])
  await announce(
    em,
    workspaceId,
    what.eventIds.map((eventId) => ({
      kind: 'message.tagged' as const,
      conversationId,
      data: { eventId, messageId },
    })),
  )
}

function alreadyThere(what: string, name: string): AppError {
  const message = `this ${what} is tagged "${name}" already`
  return new AppError('conflict', message, { fields: [{ field: 'tag', message }] })
}
