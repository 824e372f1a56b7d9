import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { allLevels, areaNames, areas, levels } from '../model/permissions.ts'
import { readPower } from './power.ts'
import { addRole, changeRole, deleteRole, getRole, listRoles } from './roles.ts'

const level = z.enum(levels)
const levelsView = z.partialRecord(z.enum(areaNames), level).meta({
  description: 'by area; what is not named is `none`',
  example: { inbox: 'write', contacts: 'read' },
})
const roleView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string(),
    levels: levelsView,
    userCount: z.int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Role' })
const fields = z.object({
  name: z.string().trim().min(1).max(100),
  description: z.string().trim().max(1_000),
  levels: levelsView,
})
const path = '/platform/v1/roles'
const tag = 'Roles'
const params = z.object({ id: z.uuid() })

/** Roles of the workspace: they bound a user, or let a program do more than answer. */
export const roleRoutes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/platform/v1/permissions',
    summary: 'The areas and levels there are, and what who asks may',
    description:
      'Reading needs `read`, changing needs `write`, and what is for admins needs `manage`. API keys are for admins alone.',
    tag: 'Permissions',
    auth: 'key',
    output: z.object({
      areas: z.array(z.object({ area: z.enum(areaNames), title: z.string() })),
      levels: z.array(level),
      builtIn: z.record(z.enum(['admin', 'user', 'app']), levelsView),
      mine: levelsView,
    }),
    handle: async ({ deps, actor }) => ({
      areas: areaNames.map((area) => ({ area, title: areas[area] })),
      levels: [...levels],
      builtIn: {
        admin: allLevels('admin', null),
        user: allLevels('user', null),
        app: allLevels('app', null),
      },
      mine: (await readPower(forkFor(deps.orm, actor.workspaceId), actor)).levels,
    }),
  }),
  defineRoute({
    method: 'get',
    path,
    summary: 'List the roles of the workspace',
    tag,
    auth: 'key',
    input: { query: page.query },
    output: page.of(roleView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor } }) => {
      const after = decodeCursor(cursor, z.tuple([z.string()]))?.[0]
      const roles = await listRoles(forkFor(deps.orm, workspaceId), workspaceId, { limit, after })
      return page.cut(roles, limit, ({ name }) => [name])
    },
  }),
  defineRoute({
    method: 'get',
    path: `${path}/:id`,
    summary: 'Get a role',
    tag,
    auth: 'key',
    input: { params },
    output: roleView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      getRole(forkFor(deps.orm, workspaceId), workspaceId, id),
  }),
  defineRoute({
    method: 'post',
    path,
    summary: 'Make a role; nobody gives more than they have themselves',
    tag,
    auth: 'admin',
    status: 201,
    input: { body: fields.partial({ description: true }) },
    output: roleView,
    handle: async ({ deps, actor, body }) => addRole(deps, { actor, ...body }),
  }),
  defineRoute({
    method: 'patch',
    path: `${path}/:id`,
    summary: 'Change a role; other levels end the sessions of those who have it',
    tag,
    auth: 'admin',
    input: { params, body: fields.partial() },
    output: roleView,
    handle: async ({ deps, actor, params: { id }, body }) => changeRole(deps, { actor, roleId: id, ...body }),
  }),
  defineRoute({
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Delete a role that nobody has',
    tag,
    auth: 'admin',
    status: 204,
    input: { params },
    output: z.undefined(),
    handle: async ({ deps, actor, params: { id } }) => {
      await deleteRole(deps, { actor, roleId: id })
      return undefined
    },
  }),
]
