import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { page } from '../kit/paging.ts'
import { defineRoute, type Actor, type Route } from '../kit/route.ts'
import { AppError } from '../model/errors.ts'
import { listQueue } from './list-queue.ts'
import { findPresence, setPresence } from './presence.ts'
import { takeNext } from './take-next.ts'

const presence = z.enum(['online', 'away', 'offline'])
const queuedView = z
  .object({
    conversationId: z.uuid(),
    contact: z.object({ id: z.uuid(), name: z.string().nullable() }),
    position: z.number().meta({ description: 'among those who wait for the same people, from 1 on' }),
    queuedAt: z.iso.datetime(),
    priority: z.number(),
    waitsFor: z.object({ kind: z.enum(['team', 'agents', 'anybody']), names: z.array(z.string()) }),
    pulled: z.boolean().meta({ description: 'waits for whoever takes the next one; is given to nobody' }),
  })
  .meta({ id: 'QueuedChat' })
const presenceView = z
  .object({
    presence: presence.meta({ description: 'as it was set' }),
    state: z.enum(['free', 'away', 'offline', 'off-hours', 'full']).meta({
      description: 'as it counts: who gives no sign of life for five minutes is offline',
    }),
    open: z.number().meta({ description: 'open and pending chats' }),
    capacity: z.number().nullable().meta({ description: 'null: any number' }),
  })
  .meta({ id: 'Presence' })

const own = {
  path: '/platform/v1/users/me/presence',
  tag: 'Account',
  auth: 'key',
  output: presenceView,
} as const

export const queueRoutes: Route[] = [
  defineRoute({
    ...{ path: '/platform/v1/queue', method: 'get', tag: 'Conversations', auth: 'key' },
    summary: 'Chats that wait for somebody who is free',
    input: { query: page.query },
    output: page.of(queuedView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor } }) => {
      const rows = await listQueue(forkFor(deps.orm, workspaceId), workspaceId, { limit, cursor })
      return page.cut(rows, limit, (chat) => [chat.priority, chat.queuedAt, chat.conversationId])
    },
  }),
  defineRoute({
    ...{ path: '/platform/v1/queue/next', method: 'post', tag: 'Conversations', auth: 'key' },
    summary: 'Take the next chat that waits for you',
    output: z.object({ conversationId: z.uuid().nullable().meta({ description: 'null: nothing waits' }) }),
    handle: async ({ deps, actor }) => (await takeNext(deps, demandUser(actor))) ?? { conversationId: null },
  }),
  defineRoute({
    ...own,
    method: 'get',
    summary: 'Whether you are there, and how much you have',
    handle: async ({ deps, actor }) => {
      const { workspaceId, userId } = demandUser(actor)
      return findPresence(forkFor(deps.orm, workspaceId), workspaceId, userId)
    },
  }),
  defineRoute({
    ...own,
    method: 'put',
    summary: 'Say whether you are there',
    input: { body: z.object({ presence }) },
    handle: async ({ deps, actor, body }) => {
      const { workspaceId, userId } = demandUser(actor)
      await setPresence(deps, { workspaceId, userId, presence: body.presence })
      return findPresence(forkFor(deps.orm, workspaceId), workspaceId, userId)
    },
  }),
]

function demandUser({ workspaceId, kind, id }: Actor): { workspaceId: string; userId: string } {
  if (kind === 'user') return { workspaceId, userId: id }
  throw new AppError('forbidden', 'a key is nobody: sign in as a user')
}
