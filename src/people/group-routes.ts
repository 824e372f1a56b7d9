import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { getGroup, listGroups } from './groups.ts'
import { addGroup, changeGroup, deleteGroup, setMember } from './manage-groups.ts'
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
const params = z.object({ id: z.uuid() })
const name = z.string().trim().min(1).max(100)
const member = {
  tag,
  auth: 'admin',
  path: `${path}/:id/members/:userId`,
  input: { params: params.extend({ userId: z.uuid() }) },
  output: groupView,
} as const

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
    input: { params },
    output: groupView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      getGroup(forkFor(deps.orm, workspaceId), workspaceId, id),
  }),
  defineRoute({
    method: 'post',
    path,
    summary: 'Make a team',
    tag,
    auth: 'admin',
    status: 201,
    input: { body: ownPermissions.partial().extend({ name }) },
    output: groupView,
    handle: async ({ deps, actor, body }) => addGroup(deps, { actor, ...body }),
  }),
  defineRoute({
    method: 'patch',
    path: `${path}/:id`,
    summary: 'Change a team: its name, and what its members may in chats',
    tag,
    auth: 'admin',
    input: { params, body: ownPermissions.extend({ name }).partial() },
    output: groupView,
    handle: async ({ deps, actor, params: { id }, body }) =>
      changeGroup(deps, { actor, groupId: id, ...body }),
  }),
  defineRoute({
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Delete a team: its chats are nobody’s again, and rules that name it go with it',
    tag,
    auth: 'admin',
    status: 204,
    input: { params },
    output: z.undefined(),
    handle: async ({ deps, actor, params: { id } }) => {
      await deleteGroup(deps, { actor, groupId: id })
      return undefined
    },
  }),
  defineRoute({
    ...member,
    method: 'put',
    summary: 'Put a user into a team',
    handle: async ({ deps, actor, params: { id, userId } }) =>
      setMember(deps, { actor, groupId: id, userId, isMember: true }),
  }),
  defineRoute({
    ...member,
    method: 'delete',
    summary: 'Take a user out of a team',
    handle: async ({ deps, actor, params: { id, userId } }) =>
      setMember(deps, { actor, groupId: id, userId, isMember: false }),
  }),
]
