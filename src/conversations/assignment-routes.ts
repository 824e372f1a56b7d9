import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { relaySoon } from '../outbox/relay.ts'
import { demandChat, readAccess } from './access.ts'
import { assignChat, claimChat } from './assign.ts'
import { conversationView } from './conversation-view.ts'
import { getConversation } from './find-conversations.ts'
import { listAssignments } from './list-assignments.ts'
import { demandMayAssign } from './may-assign.ts'
import { AppError } from '../model/errors.ts'

const path = '/platform/v1/conversations/:id'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Conversations', auth: 'key' } as const
const named = z.object({ id: z.uuid(), name: z.string() }).nullable()
const assignmentView = z
  .object({
    id: z.uuid(),
    conversationId: z.uuid(),
    userSet: named,
    userCleared: z.boolean(),
    groupSet: named,
    groupCleared: z.boolean(),
    by: z.string(),
    byUser: named,
    reason: jsonObjectSchema.nullable().meta({ description: 'what the rule or timer saw' }),
    at: z.iso.datetime(),
  })
  .meta({ id: 'ChatAssignment' })

/** Who has a chat. */
export const assignmentRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/assignment`,
    summary: 'Give a conversation to a user, a team, or nobody',
    description:
      'What is not given stays as it is, null takes it away. A user may be given a chat when no user has it, or by an admin; ' +
      'one may always give away or drop what one has. A bot that is given a chat answers in it, and no journey does.',
    input: {
      params,
      body: z
        .strictObject({ userId: z.uuid().nullable().optional(), groupId: z.uuid().nullable().optional() })
        .refine(({ userId, groupId }) => userId !== undefined || groupId !== undefined, {
          message: 'give userId, groupId or both',
          path: ['userId'],
        }),
    },
    output: conversationView,
    handle: async ({ deps, actor, params: { id }, body }) => {
      const { workspaceId } = actor
      const em = forkFor(deps.orm, workspaceId)
      const access = await readAccess(em, actor)
      const { outbox } = await em.transactional(async (tx) => {
        const { conversationId } = await demandMayAssign(tx, access, id, body)
        const byUserId = access.userId ?? undefined
        return assignChat(tx, { workspaceId, conversationId, ...body, by: nameActor(actor), byUserId })
      })
      relaySoon(deps, outbox)
      return getConversation(deps, { ...access, read: 'all' }, id)
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/claim`,
    summary: 'Take a conversation for yourself',
    description: 'When somebody has it, you are told who (409).',
    input: { params },
    output: conversationView,
    handle: async ({ deps, actor, params: { id } }) => {
      const { workspaceId } = actor
      const em = forkFor(deps.orm, workspaceId)
      const access = await readAccess(em, actor)
      const { userId } = access
      if (access.write === 'none') throw new AppError('forbidden', 'you may not write into chats')
      if (userId === null) throw new AppError('forbidden', 'only a user can take a chat, a key cannot')
      const { outbox } = await em.transactional(async (tx) => {
        const { conversationId } = await demandChat(tx, access, id, 'read')
        return claimChat(tx, { workspaceId, conversationId, userId, by: nameActor(actor) })
      })
      relaySoon(deps, outbox)
      return getConversation(deps, access, id)
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/assignments`,
    summary: 'List who had a conversation when, newest first',
    input: { params, query: page.query },
    output: page.of(assignmentView),
    handle: async ({ deps, actor: { workspaceId, ...actor }, params: { id }, query: { limit, cursor } }) => {
      const em = forkFor(deps.orm, workspaceId)
      const access = await readAccess(em, { workspaceId, ...actor })
      const { conversationId } = await demandChat(em, access, id, 'read')
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listAssignments(em, { workspaceId, conversationId, before, limit: limit + 1 })
      return page.cut(rows, limit, (row) => [row.id])
    },
  }),
]
