import type { Request } from 'express'
import { z } from 'zod'
import { identifyBoundKey } from './bound-key.ts'
import { defineDialect } from './dialect.ts'
import { flowRows } from './engati/flows.ts'

const failure = z
  .object({
    errorCode: z.union([z.int(), z.string()]).meta({ example: 1002 }),
    errorMessage: z.string().meta({ example: 'INVALID_BOT_OR_CUSTOMER_ID' }),
    errorDetails: z.string().meta({ example: 'The bot id/customer id/user id provided is invalid' }),
  })
  .meta({ id: 'EngatiError' })

/** The document's own errors; every other one has our word for it. */
const codes: Record<string, number> = { INVALID_BOT_OR_CUSTOMER_ID: 1002 }

/** Engati's API, which FloatChat's document describes too: one API, two names. */
export const engati = defineDialect({
  name: 'engati',
  title: 'Engati and FloatChat API',
  description: [
    'For the number that the key is bound to. The header is `Authorization: Basic <key>`, the key as it is, not encoded.',
    'The customer id and the bot ref of the paths stand with the number on the platform. Successes answer',
    '`{ "responseObject": … }`. Fields that are not known are passed over and named in `Ignored-Fields`.',
  ].join('\n'),
  prefix: '/bot-api',
  securitySchemes: {
    basic: { type: 'apiKey', in: 'header', name: 'Authorization', description: '`Basic <key>`' },
  },
  authenticate: (deps, request) => identifyBoundKey(deps, 'engati', readKey(request)),
  ok: {
    schema: (answer) => z.object({ responseObject: answer }),
    wrap: (answer) => ({ responseObject: answer }),
  },
  fail: {
    schema: failure,
    body: ({ code, error }) => ({
      errorCode: codes[code] ?? code,
      errorMessage: code.toUpperCase(),
      errorDetails: error.message,
    }),
  },
  overrides: {
    not_found: { status: 400, code: 'INVALID_BOT_OR_CUSTOMER_ID' },
    unprocessable: { status: 400 },
    invalid_input: { status: 400 },
  },
  fields: { waId: 'user.phone_no' },
  routes: flowRows,
})

/** What follows `Basic ` is the key itself, whatever the scheme's name promises. */
function readKey(request: Request): string | undefined {
  return /^Basic +(\S+)$/i.exec(request.get('authorization')?.trim() ?? '')?.[1]
}
