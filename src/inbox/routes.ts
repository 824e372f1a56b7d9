import { z } from 'zod'
import { demandChat, readAccess } from '../conversations/access.ts'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { messageClassSchema, messageContentSchema } from '../model/message.ts'
import { chatStatusRoutes } from './chat-status-routes.ts'
import { getMessage, listMessages } from './find-messages.ts'
import { labelRoutes } from './label-routes.ts'
import { sendFromInbox } from './send-from-inbox.ts'

const time = z.iso.datetime().nullable()
const ledgerView = z.object({
  state: z.enum(['planned', 'inflight', 'accepted', 'failed', 'unknown', 'skipped']),
  status: z.string().nullable(),
  class: z.string().nullable(),
  attempt: z.int(),
  reasonCode: z.string().nullable(),
  reason: z.string().nullable(),
  acceptedAt: time,
  sentAt: time,
  deliveredAt: time,
  readAt: time,
  playedAt: time,
  failedAt: time,
})
const messageView = z
  .object({
    id: z.uuid(),
    conversationId: z.uuid(),
    numberId: z.uuid(),
    contactId: z.uuid(),
    direction: z.enum(['in', 'out']),
    type: z.string(),
    content: jsonObjectSchema,
    text: z.string(),
    wamid: z.string().nullable(),
    contextWamid: z.string().nullable(),
    runId: z.uuid().nullable(),
    cardId: z.string().nullable(),
    createdAt: z.iso.datetime(),
    sentByCustomerAt: time,
    ledger: ledgerView.nullable().meta({ description: 'of what we sent: what became of it' }),
  })
  .meta({ id: 'Message' })

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
      const by = nameActor(actor)
      const key = `inbox:${by}:${request.get('idempotency-key') ?? newId()}`
      const what = content ? { content } : { blockId: blockId ?? '' }
      const { workspaceId } = actor
      const isPerson = actor.kind === 'user'
      const em = forkFor(deps.orm, workspaceId)
      const { conversationId } = await demandChat(em, await readAccess(em, actor), id, 'write')
      return sendFromInbox(deps, { workspaceId, conversationId, what, key, by, isPerson, ...rest })
    },
  }),
  defineRoute({
    ...base,
    path: '/platform/v1/messages/:id',
    summary: 'Show a message',
    input: { params },
    output: messageView,
    handle: async ({ deps, actor, params: { id } }) => {
      const message = await getMessage(deps, actor.workspaceId, id)
      const em = forkFor(deps.orm, actor.workspaceId)
      await demandChat(em, await readAccess(em, actor), message.conversationId, 'read')
      return message
    },
  }),
]
