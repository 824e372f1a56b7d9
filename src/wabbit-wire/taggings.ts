import { demandTags } from '../conversations/access.ts'
import { changeLabels } from '../conversations/change-labels.ts'
import { tagChat, tagMessage, untagMessage, type Tagging } from '../conversations/tag-message.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { wireWaId } from './persons.ts'
import { findWireMessage } from './resolve-ids.ts'
import { demandWireChat, openDesk, type Desk, type WireCaller } from './wire-caller.ts'

export type TaggingKind = 'chat' | 'message'

/** A tag on a chat or on a message, in the wire's numbers and names. */
export interface WireTagging {
  id: number
  tag: number
  /** The chat's or the message's name on the wire. */
  of: string
  extra: JsonObject | null
}
type Placed = WireTagging & { conversationId: string; messageId: string | null; label: string }

export async function getTagging(
  deps: Pick<Deps, 'orm'>,
  caller: WireCaller,
  kind: TaggingKind,
  number: number,
): Promise<WireTagging> {
  return find(await openDesk(deps, caller), kind, number)
}

/** Tags a chat, or a message and its chat with it. A pair of tag and chat or message is there once. */
export async function createTagging(
  deps: Deps,
  caller: WireCaller,
  {
    kind,
    of,
    tag,
    extra,
    by,
  }: { kind: TaggingKind; of: string; tag: number; extra: JsonObject | null; by: string },
): Promise<WireTagging> {
  const desk = await openDesk(deps, caller)
  demandTags(desk.access)
  await demandTag(desk, tag)
  const { workspaceId, userId: byUserId } = caller
  const order = { workspaceId, tag, by, byUserId, ...(extra && { extra }) }
  const tagging = await once(kind, async () => {
    if (kind === 'chat') return tagChat(deps, { ...order, conversationId: (await chatOf(desk, of)).id })
    return tagMessage(deps, { ...order, messageId: await messageOf(desk, caller, of) })
  })
  return { id: tagging.number, tag: tagging.tag.number, of, extra: tagging.extra }
}

/** A message that loses a tag leaves it to its chat. */
export async function deleteTagging(
  deps: Deps,
  caller: WireCaller,
  { kind, number, by }: { kind: TaggingKind; number: number; by: string },
): Promise<void> {
  const desk = await openDesk(deps, caller)
  demandTags(desk.access)
  const { conversationId, messageId, label } = await find(desk, kind, number)
  const { workspaceId, userId: byUserId } = caller
  const order = { workspaceId, by, byUserId }
  if (messageId !== null) await untagMessage(deps, { ...order, messageId, tagging: number })
  else await changeLabels(deps, { ...order, conversationId, add: [], remove: [label] })
}

async function find({ em, seen, view }: Desk, kind: TaggingKind, number: number): Promise<Placed> {
  const tables =
    kind === 'chat'
      ? { from: 'conversation_labels g', of: wireWaId, message: 'null::uuid', chat: 'g.conversation_id' }
      : {
          from: 'message_taggings g join messages m on m.id = g.message_id',
          ...{ of: 'coalesce(m.wamid, m.id::text)', message: 'm.id', chat: 'm.conversation_id' },
        }
  const tag = kind === 'chat' ? 't.workspace_id = g.workspace_id and t.name = g.label' : 't.id = g.tag_id'
  const [row] = await em.execute<Placed[]>(
    `select g.number::int as id, t.number::int as tag, ${tables.of} as of, g.extra, ${tables.chat} as "conversationId",
       ${tables.message} as "messageId", t.name as label
     from ${tables.from} join tags t on ${tag} join conversations v on v.id = ${tables.chat}
     join contacts c on c.id = v.contact_id
     where g.workspace_id = ? and g.number = ? and ${seen.sql}`,
    [view.workspaceId, number, ...seen.params],
  )
  if (!row) throw new AppError('not_found', 'Not found.')
  return row
}

async function chatOf(desk: Desk, waId: string): Promise<{ id: string }> {
  try {
    return await demandWireChat(desk, waId)
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') throw refuse('chat', waId)
    throw error
  }
}

/** One in a chat that may be read. */
async function messageOf({ em, seen }: Desk, caller: WireCaller, id: string): Promise<string> {
  const { workspaceId, numberId } = caller
  const message = await findWireMessage(em, { workspaceId, numberId, id })
  const [chat] = message
    ? await em.execute<object[]>(`select 1 from conversations v where v.id = ? and ${seen.sql}`, [
        message.conversationId,
        ...seen.params,
      ])
    : []
  if (!message || !chat) throw refuse('message', id)
  return message.id
}

async function demandTag({ em, view }: Desk, number: number): Promise<void> {
  const [tag] = await em.execute<object[]>('select 1 from tags where workspace_id = ? and number = ?', [
    view.workspaceId,
    number,
  ])
  if (!tag) throw refuse('tag', String(number))
}

async function once(kind: TaggingKind, make: () => Promise<Tagging>): Promise<Tagging> {
  try {
    return await make()
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error
    const message = `The fields tag, ${kind} must make a unique set.`
    throw new AppError('conflict', message, { fields: [{ field: '', message }], cause: error })
  }
}

function refuse(field: string, key: string): AppError {
  const message = `Invalid pk "${key}" - object does not exist.`
  return new AppError('invalid_input', message, { fields: [{ field, message }] })
}
