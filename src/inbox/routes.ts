import { z } from 'zod'
import { readAccess } from '../conversations/access.ts'
import { demandAnswer } from '../conversations/demand-answer.ts'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { messageClassSchema, messageContentSchema } from '../model/message.ts'
import { chatStatusRoutes } from './chat-status-routes.ts'
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
    method: 'post',
    path: `${path}/:id/messages`,
    summary: 'Send a message into a conversation',
    description:
      "Either a block as it stands now, or a content in the Cloud API's shape; placeholders are filled in. What is answered " +
      'with an id is sent whatever happens here. The same `Idempotency-Key` is the same message. A user who sends takes the ' +
      'chat over, and gets one that nobody has, as the workspace has set.',
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
      const { conversationId, also } = await demandAnswer(em, await readAccess(em, actor), id)
      return sendFromInbox(deps, { workspaceId, conversationId, what, key, also, ...sender, ...rest })
    },
  }),
]
