import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { relaySoon } from '../outbox/relay.ts'
import { readAccess, demandChat } from './access.ts'
import { conversationView } from './conversation-view.ts'
import { filterFields } from './filter.ts'
import { getConversation } from './find-conversations.ts'
import { listConversations, sorts } from './list-conversations.ts'
import { chatStatuses, setStatus } from './status.ts'

const path = '/platform/v1/conversations'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Conversations', auth: 'key' } as const

/** Conversations as people see and move them. */
export const conversationRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List conversations',
    description:
      'Those that you may read, by when somebody wrote last. Of one contact (`contactId`) all are listed, newest first.',
    input: { query: page.query.extend({ ...filterFields, sort: z.enum(sorts).default('newest') }) },
    output: page.of(conversationView),
    handle: async ({ deps, actor, query: { limit, cursor, sort, ...filter } }) => {
      const access = await readAccess(forkFor(deps.orm, actor.workspaceId), actor)
      const rows = await listConversations(deps, { access, filter, sort, cursor, limit })
      return page.cut(rows, limit, ({ sortKey }) => sortKey)
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show a conversation',
    input: { params },
    output: conversationView,
    handle: async ({ deps, actor, params: { id } }) => {
      const access = await readAccess(forkFor(deps.orm, actor.workspaceId), actor)
      return getConversation(deps, access, id)
    },
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${path}/:id`,
    summary: 'Set how a conversation stands',
    description:
      'Open, pending (waits for somebody else), snoozed (until a time or until the customer writes) or closed; and its priority.',
    input: {
      params,
      body: z.strictObject({
        status: z.enum(chatStatuses).optional(),
        snoozedUntil: z.iso.datetime({ offset: true }).nullable().optional(),
        priority: z.int().min(0).max(4).optional(),
        outcome: z.string().trim().min(1).max(200).optional().meta({ description: 'why it is closed' }),
      }),
    },
    output: conversationView,
    handle: async ({ deps, actor, params: { id }, body }) => {
      const { workspaceId } = actor
      const em = forkFor(deps.orm, workspaceId)
      const access = await readAccess(em, actor)
      const { outbox } = await em.transactional(async (tx) => {
        const { conversationId } = await demandChat(tx, access, id, 'write')
        return setStatus(tx, { workspaceId, conversationId, ...body, by: nameActor(actor) })
      })
      relaySoon(deps, outbox)
      return getConversation(deps, access, id)
    },
  }),
]
