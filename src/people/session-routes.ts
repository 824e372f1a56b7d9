import { z } from 'zod'
import { checkOrigin, readSessionCookie, setSessionCookie } from '../kit/auth.ts'
import { defineRoute, type Route, type RouteContext } from '../kit/route.ts'
import type { Deps } from '../deps.ts'
import { closeSession, createSession, sessionKinds, type SessionUser } from './sessions.ts'
import { beginSignIn, finishSignIn } from './sign-in.ts'

const user = z
  .object({
    id: z.uuid(),
    workspaceId: z.uuid(),
    username: z.string(),
    role: z.enum(['admin', 'user', 'app']),
  })
  .meta({ id: 'SignedInUser' })
const opened = z.object({
  token: z.string().nullable().meta({ description: 'null when it was set as a cookie' }),
  expiresAt: z.iso.datetime(),
  user,
})
const secondStep = z.object({
  secondFactor: z.object({ ticket: z.string(), endsAt: z.iso.datetime() }).meta({
    description: 'this user signs in with a code too: send both to /sessions/second-factor',
  }),
})
const cookie = z.boolean().default(false)
const base = { tag: 'Sessions', auth: 'none', method: 'post', status: 201 } as const

export const sessionRoutes: Route[] = [
  defineRoute({
    ...base,
    path: '/platform/v1/sessions',
    summary: 'Sign in',
    description:
      'The token goes into the Authorization header, or with `cookie` into an HttpOnly cookie instead. Who has a second ' +
      'factor gets a ticket for the second step.',
    input: {
      body: z.object({
        username: z.string().min(1).max(200),
        password: z.string().min(1).max(1_000),
        cookie,
      }),
    },
    output: z.union([opened, secondStep]),
    handle: async ({ deps, body, request }) => {
      if (body.cookie) checkOrigin(request, deps.config)
      const { username, password } = body
      const begun = await beginSignIn(deps, { username, password, address: request.ip ?? '' })
      if ('user' in begun) return open(deps, request, begun.user, body.cookie)
      return { secondFactor: { ticket: begun.ticket, endsAt: begun.endsAt.toISOString() } }
    },
  }),
  defineRoute({
    ...base,
    path: '/platform/v1/sessions/second-factor',
    summary: 'Sign in, the second step',
    description: 'The code is of the authenticator, or one of those for emergencies. Each serves once.',
    input: {
      body: z.object({ ticket: z.string().max(500), code: z.string().trim().min(6).max(40), cookie }),
    },
    output: opened,
    handle: async ({ deps, body: { ticket, code, cookie: isCookie }, request }) => {
      if (isCookie) checkOrigin(request, deps.config)
      const found = await finishSignIn(deps, { ticket, code, address: request.ip ?? '' })
      return open(deps, request, found, isCookie)
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/platform/v1/sessions/current',
    summary: 'Sign out',
    tag: 'Sessions',
    auth: 'key',
    status: 204,
    output: z.undefined(),
    handle: async ({ deps, request }) => {
      const bearer = request.get('authorization')?.replace(/^Bearer +/i, '')
      const token = bearer ?? readSessionCookie(request, deps.config) ?? ''
      if (sessionKinds.platform.pattern.test(token)) await closeSession(deps, token)
      setSessionCookie(request, deps.config)
      return undefined
    },
  }),
]

async function open(
  deps: Deps,
  request: RouteContext['request'],
  user: SessionUser,
  isCookie: boolean,
): Promise<z.input<typeof opened>> {
  const userAgent = request.get('user-agent')
  const {
    token,
    expiresAt,
    user: shown,
  } = await createSession(deps, user, { address: request.ip, userAgent })
  if (isCookie) setSessionCookie(request, deps.config, token, expiresAt)
  return { token: isCookie ? null : token, expiresAt: expiresAt.toISOString(), user: shown }
}
