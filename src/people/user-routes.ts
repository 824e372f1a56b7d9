import { z } from 'zod'
import { releaseChats } from '../conversations/release-chats.ts'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { getPerson, listPeople } from './find-people.ts'
import { addUser, changeUser, deactivateUser, reactivateUser } from './manage-users.ts'
import { newPassword, ownPermissions, profile, toUserView, userView } from './user-view.ts'

const path = '/platform/v1/users'
const tag = 'Users'
const params = z.object({ id: z.uuid() })
export const invitationView = z
  .object({
    code: z.string(),
    url: z.string().meta({ description: 'the page on which the invited choose a password' }),
    endsAt: z.iso.datetime(),
  })
  .meta({ id: 'Invitation' })
const standing = z.object({
  role: z.enum(['admin', 'user', 'app']).meta({ description: '`app` is a program' }),
  roleId: z.uuid().nullable().meta({ description: 'a role of the workspace; null is the whole of `role`' }),
  groupIds: z
    .array(z.uuid())
    .max(100)
    .meta({ description: 'all of its teams; those that follow roles aside' }),
  permissions: ownPermissions.partial().meta({ description: 'null follows the teams, then the role' }),
})

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
    summary: 'Get a user, with teams and what holds for chats',
    tag,
    auth: 'key',
    input: { params },
    output: userView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      toUserView(await getPerson(forkFor(deps.orm, workspaceId), workspaceId, id)),
  }),
  defineRoute({
    method: 'post',
    path,
    summary: 'Add a user or a program: with a password, or by an invitation that is shown this once',
    description: 'Nobody gives more than they have themselves.',
    tag,
    auth: 'admin',
    status: 201,
    input: {
      body: profile
        .partial()
        .required({ username: true })
        .extend(standing.partial().shape)
        .extend({ password: newPassword.optional() }),
    },
    output: userView.extend({ invitation: invitationView.nullable() }).meta({ id: 'NewUser' }),
    handle: async ({ deps, actor, body }) => {
      const { user, invitation } = await addUser(deps, { actor, ...body })
      return { ...toUserView(user), invitation }
    },
  }),
  defineRoute({
    method: 'patch',
    path: `${path}/:id`,
    summary: 'Change a user; a role that changes ends the sessions',
    tag,
    auth: 'admin',
    input: { params, body: profile.partial().extend(standing.partial().shape) },
    output: userView,
    handle: async ({ deps, actor, params: { id }, body }) =>
      toUserView(await changeUser(deps, { actor, userId: id, ...body })),
  }),
  defineRoute({
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Deactivate a user: sessions and open sockets end at once, the token opens nothing',
    description: "The chats that they have are their teams', or nobody's.",
    tag,
    auth: 'admin',
    input: { params },
    output: userView,
    handle: async ({ deps, actor, params: { id } }) => {
      const person = await deactivateUser(deps, { actor, userId: id })
      const byUserId = actor.kind === 'user' ? actor.id : undefined
      await releaseChats(deps, {
        ...{ workspaceId: actor.workspaceId, userId: id, by: nameActor(actor), byUserId },
      })
      return toUserView(person)
    },
  }),
  defineRoute({
    method: 'post',
    path: `${path}/:id/reactivation`,
    summary: 'Let a deactivated user in again, with the same password and token',
    tag,
    auth: 'admin',
    input: { params },
    output: userView,
    handle: async ({ deps, actor, params: { id } }) =>
      toUserView(await reactivateUser(deps, { actor, userId: id })),
  }),
]
