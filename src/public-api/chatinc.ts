import { z } from 'zod'
import { identifyBoundKey } from './bound-key.ts'
import { audienceRows } from './chatinc/audiences.ts'
import { campaignRows } from './chatinc/campaigns.ts'
import { resultRows } from './chatinc/results.ts'
import { variableRows } from './chatinc/variables.ts'
import { defineDialect } from './dialect.ts'

const failure = z
  .object({
    status: z.literal('error'),
    error: z.object({
      code: z.string().meta({ example: 'invalid_input' }),
      message: z.string().meta({ example: 'title: is required' }),
      field: z.string().nullable().meta({ description: 'the first wrong one', example: 'title' }),
      fields: z.array(z.object({ field: z.string(), message: z.string() })),
    }),
  })
  .meta({ id: 'ChatIncError' })

/** Chat Inc's API: broadcast campaigns, audiences and variables. */
export const chatinc = defineDialect({
  name: 'chatinc',
  title: 'Chat Inc API',
  description: [
    'Campaigns, their audiences and their variables, for the number that the key is bound to. The header is',
    '`Authorization: <key>`, the key alone. Every POST takes an `Idempotency-Key`. Fields that are not known are passed over',
    'and named in the header `Ignored-Fields`.',
  ].join('\n'),
  prefix: '/v1',
  // Beside Chatman's /v1/public-apis.
  roots: ['/v1/create', '/v1/run', '/v1/retrieve'],
  securitySchemes: {
    key: { type: 'apiKey', in: 'header', name: 'Authorization', description: 'an API key of kind `chatinc`' },
  },
  authenticate: (deps, request) =>
    identifyBoundKey(
      deps,
      'chatinc',
      request
        .get('authorization')
        ?.trim()
        .replace(/^Bearer +/i, ''),
    ),
  fail: {
    schema: failure,
    body: ({ code, error: { message, fields } }) => ({
      status: 'error',
      error: { code, message, field: fields[0]?.field || null, fields },
    }),
  },
  overrides: { unprocessable: { status: 400 } },
  fields: { phones: 'contacts', ref: 'id', lines: 'values', image: 'imgUrl', audience: 'audiences' },
  routes: [...campaignRows, ...audienceRows, ...variableRows, ...resultRows],
})
