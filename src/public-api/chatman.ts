import type { Request } from 'express'
import { z } from 'zod'
import { identifyBoundKey } from './bound-key.ts'
import { contactRows } from './chatman/contacts.ts'
import { eventRows } from './chatman/events.ts'
import { journeyRows } from './chatman/journeys.ts'
import { messageRows } from './chatman/messages.ts'
import { segmentRows } from './chatman/segments.ts'
import { statusRows } from './chatman/statuses.ts'
import { chatmanFields } from './chatman/wire.ts'
import { defineDialect } from './dialect.ts'

const failure = z
  .object({
    error: z.object({
      code: z.string().meta({ example: 'invalid_input' }),
      message: z.string().meta({ example: 'phone_number: is required' }),
      field: z.string().nullable().meta({ description: 'the first wrong one', example: 'phone_number' }),
      fields: z
        .array(z.object({ field: z.string(), message: z.string() }))
        .meta({ description: 'every wrong one' }),
    }),
  })
  .meta({ id: 'ChatmanError' })

/** Chatman's public API. */
export const chatman = defineDialect({
  name: 'chatman',
  title: 'Chatman public API',
  description: [
    'Contacts, segments, events, journeys and messages, for the number that the key is bound to. Send the key as',
    '`Authorization: Bearer <key>` or `x-api-key`. Lists are paged by `limit` and `after`. Every POST takes an',
    '`Idempotency-Key`. Fields that are not known are passed over and named in the header `Ignored-Fields`.',
  ].join('\n'),
  prefix: '/v1/public-apis',
  securitySchemes: {
    bearer: { type: 'http', scheme: 'bearer', description: 'an API key of kind `chatman`' },
    apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
  },
  authenticate: (deps, request) => identifyBoundKey(deps, 'chatman', readKey(request)),
  fail: {
    schema: failure,
    body: ({ code, error: { message, fields } }) => ({
      error: { code, message, field: fields[0]?.field || null, fields },
    }),
  },
  overrides: {},
  fields: chatmanFields,
  routes: [...contactRows, ...segmentRows, ...statusRows, ...eventRows, ...journeyRows, ...messageRows],
})

function readKey(request: Request): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(request.get('authorization')?.trim() ?? '')?.[1]
  return bearer ?? request.get('x-api-key')?.trim()
}
