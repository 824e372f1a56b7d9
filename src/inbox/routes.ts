import { z } from 'zod'
import { newId } from '../db/columns.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { messageClassSchema, messageContentSchema } from '../model/message.ts'
import { chatStatusRoutes } from './chat-status-routes.ts'
import { getConversation, listConversations } from './find-conversations.ts'
import { listMessages } from './find-messages.ts'
import { labelRoutes } from './label-routes.ts'
import { messageRoutes, senderOf } from './message-routes.ts'
import { messageView } from './message-view.ts'
import { sendFromInbox } from './send-from-inbox.ts'

const time = z.iso.datetime().nullable()
const conversationView = z
  .object({
    id: z.uuid(),
    numberId: z.uuid(),
    contactId: z.uuid(),
    contactName: z.string().nullable(),
    windowEndsAt: time.meta({ description: 'until then anything may be sent, after it templates only' }),
    windowOpen: z.boolean(),
    floorWorkflowId: z.string().nullable().meta({
      description: "the workflow that awaits the contact's next message",
    }),
    episode: z
      .object({ id: z.uuid(), openedAt: z.iso.datetime(), firstResponseAt: time })
      .nullable()
      .meta({ description: 'the live one; null while the chat is closed' }),
    lastMessageAt: time,
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Conversation' })
const sendBody = z
  .strictObject({
    blockId: z.uuid().optional(),
    content: messageContentSchema.optional(),
    vars: jsonObjectSchema.default({}).meta({ description: 'values of `{{vars.…}}`' }),
    class: messageClassSchema.default('utility').meta({
      description: 'what a retry may do when nobody can say whether the first attempt arrived',
    }),
  })
  .refine(({ blockId, content }) => (blockId === undefined) !== (content === undefined), {
    message: 'give either blockId or content',
    path: ['content'],
  })

const path = '/platform/v1/conversations'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Conversations', auth: 'key', method: 'get' } as const

/** Conversations and what was said in them. */
export const routes: Route[] = [
  ...chatStatusRoutes,
  ...labelRoutes,
  ...messageRoutes,
  defineRoute({
    ...base,
    path,
    summary: 'List conversations, newest first',
    input: {
      query: page.query.extend({
        contactId: z.uuid().optional(),
        numberId: z.uuid().optional(),
        live: z.stringbool().optional().meta({ description: 'with a live episode, or without' }),
      }),
    },
    output: page.of(conversationView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, ...filter } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listConversations(deps, { workspaceId, ...filter, before, limit: limit + 1 })
      return page.cut(rows, limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    ...base,
    path: `${path}/:id`,
    summary: 'Show a conversation',
    input: { params },
    output: conversationView,
    handle: async ({ deps, actor, params: { id } }) => getConversation(deps, actor.workspaceId, id),
  }),
  defineRoute({
    ...base,
    path: `${path}/:id/messages`,
    summary: 'List the messages of a conversation, newest first',
    input: { params, query: page.query },
    output: page.of(messageView),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit, cursor } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listMessages(deps, { workspaceId, conversationId: id, before, limit: limit + 1 })
      return page.cut(rows, limit, (message) => [message.id])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/messages`,
    summary: 'Send a message into a conversation',
    description:
      "Either a block as it stands now, or a content in the Cloud API's shape; placeholders are filled in. What is answered " +
      'with an id is sent whatever happens here. The same `Idempotency-Key` is the same message. A user who sends takes the ' +
      'chat over, as the workspace has set.',
    status: 201,
    input: { params, body: sendBody },
    output: messageView,
    handle: async ({ deps, actor, params: { id }, body, request }) => {
      const { blockId, content, ...rest } = body
      const sender = senderOf(actor)
      const key = `inbox:${sender.by}:${request.get('idempotency-key') ?? newId()}`
      const what = content ? { content } : { blockId: blockId ?? '' }
      const { workspaceId } = actor
      return sendFromInbox(deps, { workspaceId, conversationId: id, what, key, ...sender, ...rest })
    },
  }),
]
