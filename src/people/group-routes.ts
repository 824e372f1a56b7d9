import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { getGroup, listGroups } from './groups.ts'
import { ownPermissions } from './user-view.ts'

const groupView = ownPermissions
  .extend({
    id: z.uuid(),
    number: z.int().meta({ description: 'the id that callers of other APIs know' }),
    name: z.string(),
    system: z.enum(['admin', 'user', 'app']).nullable().meta({
      description: 'the role that it follows, and whose users are its members; null of your own',
    }),
    memberCount: z.int(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Group' })

const path = '/platform/v1/groups'
const tag = 'Groups'

export const groupRoutes: Route[] = [
  defineRoute({
    method: 'get',
    path,
    summary: 'List the teams',
    tag,
    auth: 'key',
    input: { query: page.query },
    output: page.of(groupView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor } }) => {
      const after = decodeCursor(cursor, z.tuple([z.int()]))?.[0]
      const groups = await listGroups(forkFor(deps.orm, workspaceId), workspaceId, { limit, after })
      return page.cut(groups, limit, ({ number }) => [number])
    },
  }),
  defineRoute({
    method: 'get',
    path: `${path}/:id`,
    summary: 'Get a team',
    tag,
    auth: 'key',
    input: { params: z.object({ id: z.uuid() }) },
    output: groupView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      getGroup(forkFor(deps.orm, workspaceId), workspaceId, id),
  }),
]
