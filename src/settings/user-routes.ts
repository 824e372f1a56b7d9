import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { User } from './entities.ts'

export const userRoutes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/platform/v1/users',
    summary: 'List who may sign in, for those who choose one of them',
    tag: 'Workspace',
    auth: 'key',
    input: { query: page.query },
    output: page.of(z.object({ id: z.uuid(), username: z.string(), role: z.enum(['admin', 'user', 'app']) })),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor } }) => {
      const after = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const users = await forkFor(deps.orm, workspaceId).find(
        User,
        after === undefined ? {} : { id: { $gt: after } },
        { orderBy: { id: 'asc' }, limit: limit + 1 },
      )
      const shown = users.map(({ id, username, role }) => ({ id, username, role }))
      return page.cut(shown, limit, ({ id }) => [id])
    },
  }),
]
