import { z } from 'zod'
import { defineRoute, type Route } from '../kit/route.ts'
import { createLoginThrottle } from './login-throttle.ts'
import { activate, findInvitation } from './invitations.ts'
import { newPassword } from './user-view.ts'

const path = '/platform/v1/activations/:code'
const params = z.object({ code: z.string().min(1).max(100) })
const base = { tag: 'Activation', auth: 'none', path } as const
const throttle = createLoginThrottle()

/** What an invitation's link opens. Whoever has it is whom it was given to. */
export const activationRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    summary: 'Who is invited by a link',
    input: { params },
    output: z.object({
      username: z.string(),
      role: z.enum(['admin', 'user', 'app']),
      workspace: z.string(),
      hasPassword: z.boolean().meta({ description: 'an admin has set one' }),
    }),
    handle: async ({ deps, params: { code }, request }) => {
      throttle.attempt(code, request.ip ?? '')
      const found = await findInvitation(deps, code)
      throttle.succeed(code, request.ip ?? '')
      return found
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    summary: 'Accept an invitation',
    description:
      'A program gets its API token, this once. Anybody else chooses a password, or keeps the one that an admin has set.',
    input: { params, body: z.object({ password: newPassword.optional() }) },
    output: z.object({ username: z.string(), token: z.string().nullable() }),
    handle: async ({ deps, params: { code }, body: { password }, request }) => {
      throttle.attempt(code, request.ip ?? '')
      const { user, token } = await activate(deps, { code, password, address: request.ip })
      throttle.succeed(code, request.ip ?? '')
      return { username: user.username, token }
    },
  }),
]
