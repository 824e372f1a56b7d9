import { z } from 'zod'
import { demandChat, readAccess } from '../conversations/access.ts'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { messageClassSchema, messageContentSchema } from '../model/message.ts'
import { chatStatusRoutes } from './chat-status-routes.ts'
import { listMessages } from './find-messages.ts'
import { messageRoutes, senderOf } from './message-routes.ts'
import { messageView } from './message-view.ts'
import { sendFromInbox } from './send-from-inbox.ts'

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
  ...messageRoutes,
  defineRoute({
    ...base,
    path: `${path}/:id/messages`,
    summary: 'List the messages of a conversation, newest first',
    input: { params, query: page.query },
    output: page.of(messageView),
    handle: async ({ deps, actor, params: { id }, query: { limit, cursor } }) => {
      const { workspaceId } = actor
      const em = forkFor(deps.orm, workspaceId)
      const { conversationId } = await demandChat(em, await readAccess(em, actor), id, 'read')
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listMessages(deps, { workspaceId, conversationId, before, limit: limit + 1 })
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
      const em = forkFor(deps.orm, workspaceId)
      const { conversationId } = await demandChat(em, await readAccess(em, actor), id, 'write')
      return sendFromInbox(deps, { workspaceId, conversationId, what, key, ...sender, ...rest })
    },
  }),
]
