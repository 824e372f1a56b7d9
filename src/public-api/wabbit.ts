import { z } from 'zod'
import { errorTable, type AppError } from '../model/errors.ts'
import { defineDialect } from './dialect.ts'
import { chatRows } from './wabbit/chats.ts'
import { doorRows } from './wabbit/door.ts'
import { identifyWabbit } from './wabbit/identify.ts'
import { mediaRows } from './wabbit/media.ts'
import { messageRows } from './wabbit/messages.ts'
import { providerRows } from './wabbit/providers.ts'
import { responseRows } from './wabbit/responses.ts'
import { settingsRows } from './wabbit/settings.ts'
import { tagRows } from './wabbit/tags.ts'
import { templateRows } from './wabbit/templates.ts'
import { userRows } from './wabbit/users.ts'
import { webhookRows } from './wabbit/webhooks.ts'

const failure = z
  .union([
    z.object({ detail: z.string().meta({ example: 'Not found.' }) }),
    z.record(z.string(), z.unknown()).meta({ description: 'what is wrong, by field' }),
  ])
  .meta({ id: 'WabbitError' })

/** Wabbit's API: the team inbox, for each user with a token of one's own. */
export const wabbit = defineDialect({
  name: 'wabbit',
  title: 'Wabbit API',
  description: [
    'The inbox of one number: chats, messages, tags, users and webhooks. Send `Authorization: Token <token>`; a session’s',
    'cookies (writes bring `X-CSRFToken` along) and `D360-Api-Key` do as well. A user’s credentials are bound to the number',
    'that is set for the user, and to the workspace’s first where none is. Bodies are JSON or forms. Lists have `count`,',
    '`next`, `previous` and `results`; fields that are not known are passed over and named in `Ignored-Fields`.',
  ].join('\n'),
  prefix: '',
  roots: ['/api/v1', '/login'],
  securitySchemes: {
    token: {
      ...{ type: 'apiKey', in: 'header', name: 'Authorization', description: '`Token <token>`' },
      'x-prefix': 'Token ',
    },
    session: { type: 'apiKey', in: 'cookie', name: 'sessionid', description: 'with `csrftoken`' },
    provider: { type: 'apiKey', in: 'header', name: 'D360-Api-Key', description: 'a key of 360dialog' },
  },
  authenticate: identifyWabbit,
  takesForms: true,
  ownBodies: /^\/api\/v1\/(?:media|settings\/profile\/photo)\/?$/,
  /** Templates are not edited: who tries hears that it cannot be done, not that there is no such template. */
  closed: ['/api/v1/templates/:name/'],
  fail: { schema: failure, body: ({ error }) => toBody(error) },
  overrides: {
    unauthenticated: { status: 403 },
    conflict: { status: 400 },
    unprocessable: { status: 400 },
    opted_out: { status: 400 },
    window_closed: { status: 400 },
    identity_changed: { status: 400 },
    unreachable: { status: 400 },
    missing_variable: { status: 400 },
    invalid_message: { status: 400 },
    invalid_formula: { status: 400 },
    invalid_cursor: { status: 400 },
    blocked_address: { status: 400 },
  },
  fields: { userId: 'assigned_to_user', groupId: 'assigned_group' },
  routes: [
    ...doorRows,
    ...userRows,
    ...chatRows,
    ...messageRows,
    ...tagRows,
    ...webhookRows,
    ...responseRows,
    ...templateRows,
    ...mediaRows,
    ...providerRows,
    ...settingsRows,
  ],
})

const byFields = new Set([
  'invalid_input',
  'conflict',
  'unprocessable',
  'missing_variable',
  'forbidden',
  'too_large',
])

/** By field where fields are wrong, each with its words; else one sentence. */
function toBody(error: AppError): unknown {
  const named = error.fields.filter(({ field }) => field !== '')
  if (error.code === 'invalid_input' && named.length === 0 && /not valid JSON/.test(error.message))
    return { detail: `JSON parse error - ${error.message.replace(/^.*?not valid JSON: /, '')}` }
  if (error.fields.length > 0 && byFields.has(error.code)) return byField(error)
  return { detail: detailOf(error) }
}

function detailOf({ code, message }: AppError): string {
  if (code === 'not_found') return 'Not found.'
  if (code === 'method_not_allowed') return `Method "${message.split(' ')[0]}" not allowed.`
  if (code === 'unsupported_media') return 'Unsupported media type in request.'
  if (code === 'forbidden' && message === 'only an admin may do that')
    return 'You do not have permission to perform this action.'
  return toSentence(message || errorTable[code].title)
}

function byField({ fields }: AppError): Record<string, unknown> {
  const body: Record<string, unknown> = {}
  for (const { field, message } of fields) {
    const path = field === '' ? ['non_field_errors'] : field.split('.')
    put(body, path, message === 'is required' ? 'This field is required.' : toSentence(message))
  }
  return body
}

function put(into: Record<string, unknown>, [first = '', ...rest]: string[], words: string): void {
  const there = into[first]
  if (rest.length === 0) {
    into[first] = Array.isArray(there) ? [...(there as unknown[]), words] : [words]
    return
  }
  const below = there !== null && typeof there === 'object' && !Array.isArray(there) ? there : {}
  into[first] = below
  put(below as Record<string, unknown>, rest, words)
}

function toSentence(words: string): string {
  const sentence = words.charAt(0).toUpperCase() + words.slice(1)
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`
}
