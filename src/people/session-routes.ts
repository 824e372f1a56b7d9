import { z } from 'zod'
import { checkOrigin, readSessionCookie, setSessionCookie } from '../kit/auth.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { closeSession, openSession, sessionTokenPattern } from './sessions.ts'

const user = z
  .object({
    id: z.uuid(),
    workspaceId: z.uuid(),
    username: z.string(),
    role: z.enum(['admin', 'user', 'app']),
  })
  .meta({ id: 'SignedInUser' })

export const sessionRoutes: Route[] = [
  defineRoute({
    method: 'post',
    path: '/platform/v1/sessions',
    summary: 'Sign in',
    description:
      'The token goes into the Authorization header, or with `cookie` into an HttpOnly cookie instead.',
    tag: 'Sessions',
    auth: 'none',
    status: 201,
    input: {
      body: z.object({
        username: z.string().min(1).max(200),
        password: z.string().min(1).max(1_000),
        cookie: z.boolean().default(false),
      }),
    },
    output: z.object({
      token: z.string().nullable().meta({ description: 'null when it was set as a cookie' }),
      expiresAt: z.iso.datetime(),
      user,
    }),
    handle: async ({ deps, body, request }) => {
      if (body.cookie) checkOrigin(request, deps.config)
      const { username, password } = body
      const opened = await openSession(deps, { username, password, address: request.ip ?? '' })
      if (body.cookie) setSessionCookie(request, deps.config, opened.token, opened.expiresAt)
      const token = body.cookie ? null : opened.token
      return { token, expiresAt: opened.expiresAt.toISOString(), user: opened.user }
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
      if (sessionTokenPattern.test(token)) await closeSession(deps, token)
      setSessionCookie(request, deps.config)
      return undefined
    },
  }),
]
