import { z } from 'zod'
import { defineRoute, type Route } from '../kit/route.ts'
import { getChatStatus } from './get-chat-status.ts'

const time = z.iso.datetime().nullable()

export const chatStatusRoutes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/platform/v1/contacts/:id/chat-status',
    summary: "How a contact's chat with one of your numbers stands",
    tag: 'Conversations',
    auth: 'key',
    input: { params: z.object({ id: z.uuid() }), query: z.object({ numberId: z.uuid() }) },
    output: z.object({
      contactId: z.uuid(),
      numberId: z.uuid(),
      status: z.enum(['open', 'closed', 'none']).meta({ description: '`none`: they never spoke' }),
      conversationId: z.uuid().nullable(),
      openedAt: time,
      firstResponseAt: time,
      closedAt: time,
      outcome: z.string().nullable(),
      windowOpen: z.boolean(),
      windowEndsAt: time,
      heldBy: z.enum(['agent', 'journey', 'nobody']).meta({ description: 'who awaits the next message' }),
      lastReceivedAt: time,
      lastSentAt: time,
    }),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { numberId } }) =>
      getChatStatus(deps, { workspaceId, numberId, contactId: id }),
  }),
]
