import { z } from 'zod'
import { defineRoute, type Route } from '../kit/route.ts'
import { bindNumber } from './bound-number.ts'

export const boundNumberRoutes: Route[] = [
  defineRoute({
    method: 'put',
    path: '/platform/v1/users/:id/number',
    summary: "Bind a user's token to a number",
    description:
      "By Wabbit's API the user then reads that number's chats and sends from it. Null: the workspace's first number.",
    tag: 'Users',
    auth: 'admin',
    input: {
      params: z.object({ id: z.uuid() }),
      body: z.object({ numberId: z.uuid().nullable() }),
    },
    output: z.object({ numberId: z.uuid() }),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, body }) => ({
      numberId: await bindNumber(deps, { workspaceId, userId: id, numberId: body.numberId }),
    }),
  }),
]
