import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route, type RouteContext } from '../kit/route.ts'
import { AppError } from '../model/errors.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { demandChat, readAccess } from './access.ts'
import { dropDraft, getDraft, keepDraft } from './drafts.ts'
import { listNotifications, readNotifications } from './notifications.ts'
import { markRead, markUnread } from './reads.ts'
import { dropViewer, listViewers, noteViewer } from './viewers.ts'

const params = z.object({ id: z.uuid() })
const base = { tag: 'Conversations', auth: 'key' } as const
const path = '/platform/v1/conversations/:id'
const time = z.iso.datetime()
const nothing = { status: 204, output: z.undefined() } as const
const draftContent = jsonObjectSchema
  .refine((content) => JSON.stringify(content).length <= 100_000, { message: 'is too long for a draft' })
  .meta({ description: 'as your screen needs it to go on: text, reply, attachments' })
const viewers = z.object({
  viewers: z.array(z.object({ id: z.uuid(), name: z.string(), typing: z.boolean(), seenAt: time })),
})

/** What is one's own in a chat: how far one has read, what one began to write, and that one looks at it. */
export const ownRoutes: Route[] = [
  defineRoute({
    ...base,
    ...nothing,
    method: 'post',
    path: `${path}/read`,
    summary: 'You have received the messages of a conversation',
    input: {
      params,
      body: z
        .strictObject({
          until: z.iso.datetime({ offset: true }).optional().meta({
            description: "by the customer's clock (`sentByCustomerAt`); without it, all",
          }),
        })
        .optional(),
    },
    handle: async ({ deps, actor, params: { id }, body }) => {
      const { em, ...place } = await placeOf({ deps, actor }, id)
      await em.transactional((tx) => markRead(tx, { ...place, until: body?.until }))
      return undefined
    },
  }),
  defineRoute({
    ...base,
    ...nothing,
    method: 'post',
    path: `${path}/unread`,
    summary: "Let the customer's last message count as unread by you",
    input: { params },
    handle: async ({ deps, actor, params: { id } }) => {
      const { em, ...place } = await placeOf({ deps, actor }, id)
      await em.transactional((tx) => markUnread(tx, place))
      return undefined
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/draft`,
    summary: 'Show what you began to write in a conversation',
    input: { params },
    output: z.object({ draft: z.object({ content: jsonObjectSchema, updatedAt: time }).nullable() }),
    handle: async ({ deps, actor, params: { id } }) => {
      const { em, ...place } = await placeOf({ deps, actor }, id)
      return { draft: (await getDraft(em, place)) ?? null }
    },
  }),
  defineRoute({
    ...base,
    ...nothing,
    method: 'put',
    path: `${path}/draft`,
    summary: 'Keep what you began to write in a conversation',
    input: { params, body: z.strictObject({ content: draftContent }) },
    handle: async ({ deps, actor, params: { id }, body: { content } }) => {
      const { em, ...place } = await placeOf({ deps, actor }, id)
      await keepDraft(em, { ...place, content })
      return undefined
    },
  }),
  defineRoute({
    ...base,
    ...nothing,
    method: 'delete',
    path: `${path}/draft`,
    summary: 'Throw away what you began to write in a conversation',
    input: { params },
    handle: async ({ deps, actor, params: { id } }) => {
      const { em, ...place } = await placeOf({ deps, actor }, id)
      await dropDraft(em, place)
      return undefined
    },
  }),
  ...viewerRoutes(),
  ...notificationRoutes(),
]

function viewerRoutes(): Route[] {
  return [
    defineRoute({
      ...base,
      method: 'get',
      path: `${path}/viewers`,
      summary: 'Show who else looks at a conversation, or types in it',
      input: { params },
      output: viewers,
      handle: async ({ deps, actor, params: { id } }) => {
        const em = forkFor(deps.orm, actor.workspaceId)
        const access = await readAccess(em, actor)
        const { conversationId } = await demandChat(em, access, id, 'read')
        const { workspaceId, userId } = access
        return { viewers: await listViewers(em, { workspaceId, conversationId, userId }) }
      },
    }),
    defineRoute({
      ...base,
      method: 'post',
      path: `${path}/viewers`,
      summary: 'You look at a conversation, or type in it: who else does?',
      description: 'Say it again every 15 seconds while it is so. It takes no chat over: `typing` does.',
      input: { params, body: z.strictObject({ typing: z.boolean().default(false) }) },
      output: viewers,
      handle: async ({ deps, actor, params: { id }, body: { typing } }) => {
        const { em, ...place } = await placeOf({ deps, actor }, id)
        await noteViewer(em, { ...place, typing })
        return { viewers: await listViewers(em, place) }
      },
    }),
    defineRoute({
      ...base,
      ...nothing,
      method: 'delete',
      path: `${path}/viewers`,
      summary: 'You look at a conversation no more',
      input: { params },
      handle: async ({ deps, actor, params: { id } }) => {
        const { em, ...place } = await placeOf({ deps, actor }, id)
        await dropViewer(em, place)
        return undefined
      },
    }),
  ]
}

function notificationRoutes(): Route[] {
  const all = '/platform/v1/notifications'
  return [
    defineRoute({
      ...base,
      method: 'get',
      path: all,
      summary: 'List what you were told of, newest first',
      input: { query: page.query.extend({ unread: z.stringbool().optional() }) },
      output: page.of(
        z
          .object({
            id: z.uuid(),
            kind: z.string().meta({ description: '`assigned`, `mentioned`, …' }),
            conversationId: z.uuid().nullable(),
            contactName: z.string().nullable(),
            data: jsonObjectSchema,
            readAt: time.nullable(),
            createdAt: time,
          })
          .meta({ id: 'Notification' }),
      ),
      handle: async ({ deps, actor, query: { limit, cursor, unread } }) => {
        const { workspaceId } = actor
        const userId = demandUser(actor)
        const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
        const em = forkFor(deps.orm, workspaceId)
        const rows = await listNotifications(em, { workspaceId, userId, unread, before, limit: limit + 1 })
        return page.cut(rows, limit, ({ id }) => [id])
      },
    }),
    defineRoute({
      ...base,
      method: 'post',
      path: `${all}/read`,
      summary: 'You have seen what you were told of',
      input: { body: z.strictObject({ ids: z.array(z.uuid()).max(200).optional() }).optional() },
      output: z.object({ read: z.int().meta({ description: 'how many were unread until now' }) }),
      handle: async ({ deps, actor, body }) => {
        const { workspaceId } = actor
        const order = { workspaceId, userId: demandUser(actor), ids: body?.ids }
        return { read: await readNotifications(forkFor(deps.orm, workspaceId), order) }
      },
    }),
  ]
}

function demandUser({ kind, id }: RouteContext['actor']): string {
  if (kind === 'user') return id
  throw new AppError('forbidden', 'this is of users: a key has nothing of its own in a chat')
}

async function placeOf({ deps, actor }: Pick<RouteContext, 'deps' | 'actor'>, id: string) {
  const { workspaceId } = actor
  const userId = demandUser(actor)
  const em = forkFor(deps.orm, workspaceId)
  const { conversationId } = await demandChat(em, await readAccess(em, actor), id, 'read')
  return { em, workspaceId, conversationId, userId }
}
