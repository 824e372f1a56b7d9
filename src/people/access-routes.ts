import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Actor, type Route } from '../kit/route.ts'
import { AppError } from '../model/errors.ts'
import { sessionView } from './account-routes.ts'
import { setPassword } from './change-password.ts'
import { endAccess } from './end-access.ts'
import { getPerson } from './find-people.ts'
import { inviteAgain } from './invitations.ts'
import { listSessions } from './list-sessions.ts'
import { demandManager, demandRank } from './power.ts'
import { removeTotp } from './two-factor.ts'
import { readUserToken, revokeUserToken } from './user-token.ts'
import { invitationView } from './user-routes.ts'
import { newPassword } from './user-view.ts'

const path = '/platform/v1/users/:id'
const base = { tag: 'Users', auth: 'admin', input: { params: z.object({ id: z.uuid() }) } } as const
const gone = { ...base, status: 204, output: z.undefined() } as const

/** How others get in: what those who look after people may do about it. */
export const accessRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/invitation`,
    summary: 'Make a new link for somebody who was not activated yet, shown this once',
    output: invitationView,
    handle: async ({ deps, actor, params: { id } }) => inviteAgain(deps, { actor, userId: id }),
  }),
  defineRoute({
    ...gone,
    method: 'put',
    path: `${path}/password`,
    summary: "Set somebody's password; every session of the user ends",
    input: { ...base.input, body: z.object({ password: newPassword }) },
    handle: async ({ deps, actor, params: { id }, body }) => {
      await setPassword(deps, { actor, userId: id, password: body.password })
      return undefined
    },
  }),
  defineRoute({
    ...gone,
    method: 'delete',
    path: `${path}/totp`,
    summary: 'Take away the second factor of somebody who has lost it; the sessions end',
    handle: async ({ deps, actor, params: { id } }) => {
      await removeTotp(deps, await demandBelow(deps, actor, id))
      return undefined
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/sessions`,
    summary: "List a user's sessions",
    input: { ...base.input, query: page.query },
    output: page.of(sessionView),
    handle: async ({ deps, actor, params: { id }, query: { limit, cursor } }) => {
      const owner = await demandBelow(deps, actor, id)
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listSessions(deps, { ...owner, limit, before })
      return page.cut(rows, limit, ({ id: sessionId }) => [sessionId])
    },
  }),
  defineRoute({
    ...gone,
    method: 'delete',
    path: `${path}/sessions`,
    summary: "End a user's sessions and open sockets",
    handle: async ({ deps, actor, params: { id } }) => {
      const owner = await demandBelow(deps, actor, id)
      await forkFor(deps.orm, owner.workspaceId).transactional((em) => endAccess(em, owner))
      return undefined
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/token`,
    summary: "Show a program's API token: the same one until it is revoked",
    output: z.object({ token: z.string() }),
    handle: async ({ deps, actor, params: { id } }) => ({
      token: await readUserToken(deps, await demandBelow(deps, actor, id, 'app')),
    }),
  }),
  defineRoute({
    ...gone,
    method: 'delete',
    path: `${path}/token`,
    summary: "Revoke a user's API token",
    handle: async ({ deps, actor, params: { id } }) => {
      await revokeUserToken(deps, await demandBelow(deps, actor, id))
      return undefined
    },
  }),
]

/** @param role whose alone it may be: nobody else acts with a person's token */
async function demandBelow(deps: Pick<Deps, 'orm'>, actor: Actor, userId: string, role?: 'app') {
  const { workspaceId } = actor
  const em = forkFor(deps.orm, workspaceId)
  const power = await demandManager(em, actor)
  const person = await getPerson(em, workspaceId, userId)
  await demandRank(em, power, workspaceId, person)
  if (role && person.role !== role) {
    const message = 'is a person: only they see their own token'
    throw new AppError('forbidden', `${person.username} ${message}`)
  }
  return { workspaceId, userId }
}
