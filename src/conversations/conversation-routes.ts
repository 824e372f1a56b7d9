import { z } from 'zod'
import { forkFor, type Em } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { relaySoon } from '../outbox/relay.ts'
import { findQueuePlace } from '../rules/list-queue.ts'
import { readAccess, demandChat } from './access.ts'
import { conversationView } from './conversation-view.ts'
import { defaultViews, filterFields } from './filter.ts'
import { getConversation } from './find-conversations.ts'
import { listConversations, sorts } from './list-conversations.ts'
import { getViewQuery, type ViewQuery } from './inbox-views.ts'
import { openChat } from './open-chat.ts'
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
    input: {
      query: page.query.extend({
        ...filterFields,
        view: z
          .union([filterFields.view, z.uuid()])
          .meta({ description: 'one that everybody has, or a saved one by its id' }),
        sort: z.enum(sorts).optional().meta({ description: '`newest` when nothing else is said' }),
      }),
    },
    output: page.of(conversationView),
    handle: async ({ deps, actor, query: { limit, cursor, view, ...asked } }) => {
      const em = forkFor(deps.orm, actor.workspaceId)
      const access = await readAccess(em, actor)
      const base = await baseOf(em, { workspaceId: actor.workspaceId, owner: nameActor(actor), view })
      const { sort = 'newest', ...filter } = { ...base, ...given(asked) }
      const rows = await listConversations(deps, { access, filter, sort, cursor, limit })
      return page.cut(rows, limit, ({ sortKey }) => sortKey)
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Open the conversation of a contact and a number, to write first',
    description: 'There is one for ever: what is there is given. One that nobody has is yours then.',
    input: {
      body: z
        .strictObject({
          numberId: z.uuid(),
          contactId: z.uuid().optional(),
          phone: z.string().max(50).optional(),
        })
        .refine(({ contactId, phone }) => (contactId === undefined) !== (phone === undefined), {
          message: 'give either contactId or phone',
          path: ['contactId'],
        }),
    },
    output: conversationView,
    handle: async ({ deps, actor, body }) => {
      const access = await readAccess(forkFor(deps.orm, actor.workspaceId), actor)
      return getConversation(deps, access, await openChat(deps, access, body, nameActor(actor)))
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show a conversation',
    input: { params },
    output: conversationView.extend({
      queue: z
        .object({ position: z.number(), since: z.iso.datetime() })
        .nullable()
        .meta({ description: 'its place among those who wait for the same people; null: it does not wait' }),
    }),
    handle: async ({ deps, actor, params: { id } }) => {
      const access = await readAccess(forkFor(deps.orm, actor.workspaceId), actor)
      return {
        ...(await getConversation(deps, access, id)),
        queue: await findQueuePlace(forkFor(deps.orm, actor.workspaceId), actor.workspaceId, id),
      }
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

/** What a view says; what is asked for beside it counts more. */
async function baseOf(
  em: Em,
  { view, ...asking }: { workspaceId: string; owner: string; view: string | undefined },
): Promise<ViewQuery> {
  const { data: common, success } = z.enum(defaultViews).safeParse(view)
  if (view === undefined) return {}
  return success ? { view: common } : getViewQuery(em, { ...asking, id: view })
}

function given<T extends object>(asked: T): T {
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)) as T
}
