import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { getPerson, listPeople } from './find-people.ts'
import { toUserView, userView } from './user-view.ts'

const path = '/platform/v1/users'
const tag = 'Users'

export const userRoutes: Route[] = [
  defineRoute({
    method: 'get',
    path,
    summary: 'List who may sign in and the programs, for those who choose one of them',
    tag,
    auth: 'key',
    input: {
      query: page.query.extend({
        search: z
          .string()
          .max(200)
          .optional()
          .meta({ description: 'a piece of the name, user name or email' }),
        groupId: z.uuid().optional(),
        active: z.enum(['true', 'false']).optional(),
      }),
    },
    output: page.of(userView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, active, ...query } }) => {
      const after = decodeCursor(cursor, z.tuple([z.int()]))?.[0]
      const isActive = active === undefined ? undefined : active === 'true'
      const em = forkFor(deps.orm, workspaceId)
      const people = await listPeople(em, workspaceId, { limit, after, isActive, ...query })
      return page.cut(people.map(toUserView), limit, ({ number }) => [number])
    },
  }),
  defineRoute({
    method: 'get',
    path: `${path}/:id`,
    summary: 'Get a user, with groups and what holds for chats',
    tag,
    auth: 'key',
    input: { params: z.object({ id: z.uuid() }) },
    output: userView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      toUserView(await getPerson(forkFor(deps.orm, workspaceId), workspaceId, id)),
  }),
]
