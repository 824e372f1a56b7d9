import type { Request } from 'express'
import { z } from 'zod'
import { identifyBoundKey } from './bound-key.ts'
import { defineDialect } from './dialect.ts'
import { broadcastRows } from './engati/broadcasts.ts'
import { conversationRows } from './engati/conversations.ts'
import { flowRows } from './engati/flows.ts'
import { templateRows } from './engati/templates.ts'
import { userRows } from './engati/users.ts'

const failure = z
  .object({
    errorCode: z.union([z.int(), z.string()]).meta({ example: 1002 }),
    errorMessage: z.string().meta({ example: 'INVALID_BOT_OR_CUSTOMER_ID' }),
    errorDetails: z.string().meta({ example: 'The bot id/customer id/user id provided is invalid' }),
  })
  .meta({ id: 'EngatiError' })

/** The document's own errors; every other one has our word for it. */
const codes: Record<string, number> = {
  INVALID_BOT_OR_CUSTOMER_ID: 1002,
  INVALID_INPUT_DATE_VALUE: 1003,
  INVALID_PAGE_NUMBER: 1004,
}
const noBot = 'INVALID_BOT_OR_CUSTOMER_ID'
const noBotWords = 'The bot id/customer id/user id provided is invalid'
/** What the document says of a wrong value of these. */
const wrongDate = {
  code: 'INVALID_INPUT_DATE_VALUE',
  details:
    'The start_date and end_date values are the time in milliseconds and the end_date should be greater than start_date.',
}
const wrongPage = {
  code: 'INVALID_PAGE_NUMBER',
  details:
    'Please enter the correct page number. The page number in the API is a positive integer value starting with 1.',
}
const codeOfField: Record<string, typeof wrongDate> = {
  start_date: wrongDate,
  end_date: wrongDate,
  page_number: wrongPage,
}

/** Engati's API, which FloatChat's document describes too: one API, two names. */
export const engati = defineDialect({
  name: 'engati',
  title: 'Engati and FloatChat API',
  description: [
    'For the number that the key is bound to. The header is `Authorization: Basic <key>`, the key as it is, not encoded.',
    'The customer id and the bot ref of the paths stand with the number on the platform. Successes answer',
    '`{ "responseObject": … }`. Fields that are not known are passed over and named in `Ignored-Fields`.',
  ].join('\n'),
  prefix: '',
  roots: ['/bot-api', '/whatsapp-api'],
  securitySchemes: {
    basic: {
      ...{ type: 'apiKey', in: 'header', name: 'Authorization', description: '`Basic <key>`' },
      'x-prefix': 'Basic ',
    },
  },
  authenticate: (deps, request) => identifyBoundKey(deps, 'engati', readKey(request)),
  ok: {
    schema: (answer) => z.object({ responseObject: answer }),
    wrap: (answer) => ({ responseObject: answer }),
  },
  fail: {
    schema: failure,
    body: ({ code, error }) => {
      const named = error.code === 'invalid_input' ? codeOfField[error.fields[0]?.field ?? ''] : undefined
      return {
        errorCode: codes[named?.code ?? code] ?? code,
        errorMessage: (named?.code ?? code).toUpperCase(),
        errorDetails: named?.details ?? (code === noBot ? noBotWords : error.message),
      }
    },
  },
  overrides: {
    not_found: { status: 400, code: 'INVALID_BOT_OR_CUSTOMER_ID' },
    unprocessable: { status: 400 },
    opted_out: { status: 400 },
    unreachable: { status: 400 },
    window_closed: { status: 400 },
    identity_changed: { status: 400 },
    missing_variable: { status: 400 },
    invalid_message: { status: 400 },
  },
  fields: { waId: 'user.phone_no' },
  routes: [...userRows, ...conversationRows, ...templateRows, ...broadcastRows, ...flowRows],
})

/** What follows `Basic ` is the key itself, whatever the scheme's name promises. */
function readKey(request: Request): string | undefined {
  return /^Basic +(\S+)$/i.exec(request.get('authorization')?.trim() ?? '')?.[1]
}
