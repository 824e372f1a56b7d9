import { z } from 'zod'
import { defineRoute, type Route } from '../kit/route.ts'
import { demandUser } from './account-routes.ts'
import { checkCode } from './check-code.ts'
import { confirmPassword } from './sign-in.ts'
import { confirmTotp, removeTotp, renewRecoveryCodes, setUpTotp } from './two-factor.ts'

const me = '/platform/v1/users/me'
const base = { tag: 'Account', auth: 'key', method: 'post' } as const
const password = z.string().min(1).max(1_000)
const code = z.string().trim().min(6).max(40)
const recoveryCodes = z.object({
  recoveryCodes: z
    .array(z.string())
    .meta({ description: 'each signs in once, without the authenticator; shown this once' }),
})

/** A second factor: six digits of an authenticator that change every half minute. */
export const twoFactorRoutes: Route[] = [
  defineRoute({
    ...base,
    path: `${me}/totp`,
    summary: 'Set up a second factor, which counts once a code of it was confirmed',
    input: { body: z.object({ password }) },
    output: z.object({
      secret: z.string(),
      uri: z.string().meta({ description: 'otpauth://… for the authenticator' }),
      qrCode: z.string().meta({ description: 'the same as a picture, a data URL' }),
    }),
    handle: async ({ deps, actor, body, request }) => {
      const owner = demandUser(actor)
      const address = request.ip ?? ''
      await confirmPassword(deps, { userId: owner.userId, password: body.password, address })
      return setUpTotp(deps, owner)
    },
  }),
  defineRoute({
    ...base,
    path: `${me}/totp/confirm`,
    summary: 'Confirm the second factor; other sessions end',
    input: { body: z.object({ code }) },
    output: recoveryCodes,
    handle: async ({ deps, actor, body }) => {
      const { sessionId } = actor
      return { recoveryCodes: await confirmTotp(deps, { ...demandUser(actor), code: body.code, sessionId }) }
    },
  }),
  defineRoute({
    ...base,
    path: `${me}/totp/disable`,
    summary: 'Do without a second factor again',
    status: 204,
    input: { body: z.object({ password, code }) },
    output: z.undefined(),
    handle: async ({ deps, actor, body, request }) => {
      const owner = demandUser(actor)
      const address = request.ip ?? ''
      await confirmPassword(deps, { userId: owner.userId, password: body.password, address })
      await checkCode(deps, { ...owner, code: body.code, address }, 'forbidden')
      await removeTotp(deps, { ...owner, sessionId: actor.sessionId })
      return undefined
    },
  }),
  defineRoute({
    ...base,
    path: `${me}/recovery-codes`,
    summary: 'Get new codes for emergencies; the old ones are worth nothing any more',
    input: { body: z.object({ code }) },
    output: recoveryCodes,
    handle: async ({ deps, actor, body, request }) => {
      const given = { ...demandUser(actor), code: body.code, address: request.ip ?? '' }
      return { recoveryCodes: await renewRecoveryCodes(deps, given) }
    },
  }),
]
