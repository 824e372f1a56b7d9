import { z } from 'zod'
import { forkFor, type Em } from '../db/orm.ts'
import { getMessage } from '../inbox/find-messages.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route, type RouteContext } from '../kit/route.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { demandChat, demandTags, readAccess } from './access.ts'
import { listTaggings, tagChat, tagMessage, untagMessage } from './tag-message.ts'

const taggingView = z
  .object({
    id: z.uuid().nullable().meta({ description: "of a message's tagging" }),
    number: z.int(),
    messageId: z.uuid().nullable(),
    tag: z.object({ id: z.uuid(), number: z.int(), name: z.string(), color: z.string().nullable() }),
    extra: jsonObjectSchema.nullable().meta({ description: 'what the one who tagged it says of it' }),
    by: z.string(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Tagging' })
const order = z.strictObject({ tagId: z.uuid(), extra: jsonObjectSchema.optional() })
const params = z.object({ id: z.uuid() })
const base = { tag: 'Inbox', auth: 'key' } as const
const ofChat = '/platform/v1/conversations/:id/taggings'
const ofMessage = '/platform/v1/messages/:id/taggings'

/** Tags on chats and messages, with what was said of them. */
export const taggingRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path: ofChat,
    summary: 'List the tags of a conversation and of its messages',
    input: { params, query: page.query },
    output: page.of(taggingView).extend({ chat: z.array(taggingView) }),
    handle: async ({ deps, actor, params: { id }, query: { limit, cursor } }) => {
      const { workspaceId } = actor
      const em = forkFor(deps.orm, workspaceId)
      const { conversationId } = await demandChat(em, await readAccess(em, actor), id, 'read')
      const after = decodeCursor(cursor, z.tuple([z.int()]))?.[0]
      const { chat, messages } = await listTaggings(em, {
        workspaceId,
        conversationId,
        after,
        limit: limit + 1,
      })
      return { chat, ...page.cut(messages, limit, ({ number }) => [number]) }
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: ofChat,
    summary: 'Tag a conversation, with something to say of it',
    status: 201,
    input: { params, body: order },
    output: taggingView,
    handle: async ({ deps, actor, params: { id }, body: { tagId, extra } }) => {
      const em = forkFor(deps.orm, actor.workspaceId)
      const access = await readAccess(em, actor)
      const { conversationId } = await demandChat(em, access, id, 'read')
      demandTags(access)
      return tagChat(deps, { ...whoOf(actor), conversationId, tag: tagId, extra })
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: ofMessage,
    summary: 'Tag a message, and its conversation with it',
    status: 201,
    input: { params, body: order },
    output: taggingView,
    handle: async ({ deps, actor, params: { id }, body: { tagId, extra } }) => {
      await demandMessage(forkFor(deps.orm, actor.workspaceId), { deps, actor }, id)
      return tagMessage(deps, { ...whoOf(actor), messageId: id, tag: tagId, extra })
    },
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${ofMessage}/:taggingId`,
    summary: 'Take a tag from a message',
    description: 'Its conversation keeps the tag.',
    status: 204,
    input: { params: params.extend({ taggingId: z.uuid() }) },
    output: z.undefined(),
    handle: async ({ deps, actor, params: { id, taggingId } }) => {
      await demandMessage(forkFor(deps.orm, actor.workspaceId), { deps, actor }, id)
      await untagMessage(deps, { ...whoOf(actor), messageId: id, tagging: taggingId })
      return undefined
    },
  }),
]

type Actor = RouteContext['actor']

async function demandMessage(
  em: Em,
  { deps, actor }: Pick<RouteContext, 'deps' | 'actor'>,
  messageId: string,
): Promise<void> {
  const { conversationId } = await getMessage(deps, actor.workspaceId, messageId)
  const access = await readAccess(em, actor)
  await demandChat(em, access, conversationId, 'read')
  demandTags(access)
}

function whoOf(actor: Actor) {
  const { workspaceId } = actor
  return { workspaceId, by: nameActor(actor), byUserId: actor.kind === 'user' ? actor.id : undefined }
}
