import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Actor, type Route } from '../kit/route.ts'
import { AppError } from '../model/errors.ts'
import { changeOwnPassword } from './change-password.ts'
import { endAccess } from './end-access.ts'
import { getPerson } from './find-people.ts'
import { endSession, listSessions } from './list-sessions.ts'
import { changeUser } from './manage-users.ts'
import { readUserToken, revokeUserToken } from './user-token.ts'
import { newPassword, profile, toUserView, userView } from './user-view.ts'

const me = '/platform/v1/users/me'
const base = { tag: 'Account', auth: 'key' } as const
export const sessionView = z
  .object({
    id: z.uuid(),
    kind: z.enum(['platform', 'wabbit']).meta({ description: 'of which of the logins' }),
    address: z.string().nullable(),
    userAgent: z.string().nullable().meta({ description: 'as the browser names itself' }),
    createdAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime().nullable().meta({ description: 'to the minute' }),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'Session' })
const ownSession = sessionView.extend({ isCurrent: z.boolean() }).meta({ id: 'OwnSession' })

/** What is everybody's who is signed in: the own profile, password, sessions and token. */
export const accountRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path: me,
    summary: 'Get who is signed in',
    output: userView,
    handle: async ({ deps, actor }) => {
      const { workspaceId, userId } = demandUser(actor)
      return toUserView(await getPerson(forkFor(deps.orm, workspaceId), workspaceId, userId))
    },
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: me,
    summary: "Change one's own profile",
    input: { body: profile.partial() },
    output: userView,
    handle: async ({ deps, actor, body }) => {
      const { userId } = demandUser(actor)
      return toUserView(await changeUser(deps, { actor, userId, ...body }))
    },
  }),
  defineRoute({
    ...base,
    method: 'put',
    path: `${me}/password`,
    summary: "Change one's own password; every other session ends",
    status: 204,
    input: { body: z.object({ current: z.string().min(1).max(1_000), password: newPassword }) },
    output: z.undefined(),
    handle: async ({ deps, actor, body, request }) => {
      demandUser(actor)
      await changeOwnPassword(deps, { actor, ...body, address: request.ip ?? '' })
      return undefined
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${me}/sessions`,
    summary: "List one's own sessions: where one is signed in",
    input: { query: page.query },
    output: page.of(ownSession),
    handle: async ({ deps, actor, query: { limit, cursor } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listSessions(deps, { ...demandUser(actor), limit, before })
      const shown = rows.map((row) => ({ ...row, isCurrent: row.id === actor.sessionId }))
      return page.cut(shown, limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${me}/sessions`,
    summary: "End all of one's own sessions but this one",
    status: 204,
    output: z.undefined(),
    handle: async ({ deps, actor }) => {
      const owner = demandUser(actor)
      await forkFor(deps.orm, owner.workspaceId).transactional((em) =>
        endAccess(em, { ...owner, exceptSessionId: actor.sessionId }),
      )
      return undefined
    },
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${me}/sessions/:id`,
    summary: "End one of one's own sessions",
    status: 204,
    input: { params: z.object({ id: z.uuid() }) },
    output: z.undefined(),
    handle: async ({ deps, actor, params: { id } }) => {
      await endSession(deps, { ...demandUser(actor), sessionId: id })
      return undefined
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${me}/token`,
    summary: "Show one's own API token: the same one until it is revoked",
    output: z.object({ token: z.string() }),
    handle: async ({ deps, actor }) => ({ token: await readUserToken(deps, demandUser(actor)) }),
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${me}/token`,
    summary: "Revoke one's own API token",
    status: 204,
    output: z.undefined(),
    handle: async ({ deps, actor }) => {
      await revokeUserToken(deps, demandUser(actor))
      return undefined
    },
  }),
]

/** Keys act for a workspace; they have no password and no profile. */
export function demandUser({ workspaceId, kind, id }: Actor): { workspaceId: string; userId: string } {
  if (kind === 'user') return { workspaceId, userId: id }
  throw new AppError('forbidden', 'this is for users who are signed in, not for keys')
}
