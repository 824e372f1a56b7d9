import { z } from 'zod'
import type { ProvidedContact } from '../../contact-providers/search-providers.ts'
import { resolveInProviders, searchProviders } from '../../contact-providers/search-providers.ts'
import { checkNumbers, type NumberCheck } from '../../contacts/check-numbers.ts'
import { AppError } from '../../model/errors.ts'
import { toWaId } from '../../model/phone.ts'
import { getPerson } from '../../wabbit-wire/list-chats.ts'
import { initialsOf } from '../../wabbit-wire/persons.ts'
import { dialectRoute, type DialectRoute } from '../dialect-route.ts'
import { callerOf } from './caller.ts'
import { waIdParams } from './chats.ts'
import { booleanField, choiceField, limitQuery } from './fields.ts'
import { baseUrlOf } from './page.ts'
import { personWire } from './schemas.ts'

const resultWire = z
  .object({
    name: z.string(),
    initials: z.string(),
    phone_numbers: z.array(z.object({ phone_number: z.string(), description: z.string() })),
    email_addresses: z.array(z.object({ email_address: z.string(), description: z.string() })),
    contact_provider: z.object({ type: z.string(), name: z.string(), id: z.uuid() }),
  })
  .meta({ id: 'WabbitContactProviderResult' })

const path = '/api/v1/contact_providers/contacts/'
const tag = 'Contact lookup'
const checkWire = z.object({
  wa_id: z.string().optional(),
  input: z.string(),
  status: z.enum(['valid', 'processing', 'invalid', 'failed']),
})

export const providerRows: DialectRoute[] = [
  dialectRoute({
    ...{ tag, method: 'get', path, summary: 'List Contacts' },
    description:
      'Of every contact provider at once, `limit` of each. There is no offset: follow `next`. A provider that does not ' +
      'answer is left out.',
    input: {
      query: z.object({
        limit: limitQuery(100),
        search: z.string().max(200).optional(),
        cursor: z.string().max(10_000).optional().meta({ description: 'of `next`' }),
      }),
    },
    output: z.object({
      count: z.int().nullable().meta({ description: 'null where a provider does not tell' }),
      next: z.url().nullable(),
      results: z.array(resultWire),
    }),
    call: async ({ deps, workspaceId, query, request }) => {
      const { search, limit, cursor } = query
      const page = await searchProviders(deps, { workspaceId, search: search || undefined, limit, cursor })
      const url = new URL(request.originalUrl, baseUrlOf(deps.config, request))
      if (page.next !== undefined) url.searchParams.set('cursor', page.next)
      return { ...page, next: page.next === undefined ? null : url.href }
    },
    toWire: ({ contacts, next, count }) => ({ count: count ?? null, next, results: contacts.map(toResult) }),
  }),
  dialectRoute({
    ...{ tag, method: 'get', path: `${path}:wa_id/`, summary: 'Resolve Contact' },
    input: { params: waIdParams },
    output: z.object({ person: personWire.nullable(), contact_provider_results: z.array(resultWire) }),
    call: async (call) => {
      const { deps, workspaceId, params } = call
      const phone = toWaId(params.wa_id)
      const [person, contacts] = await Promise.all([
        getPerson(deps, callerOf(call), params.wa_id).catch(noneIfNotFound),
        phone === undefined ? [] : resolveInProviders(deps, { workspaceId, phone }),
      ])
      return { person: person ?? null, contacts }
    },
    toWire: ({ person, contacts }) => ({ person, contact_provider_results: contacts.map(toResult) }),
  }),
  dialectRoute({
    ...{ tag, method: 'post', path: '/api/v1/contacts/', summary: 'Check Contacts' },
    description:
      'Which phone numbers are on WhatsApp, as far as WhatsApp has told. An answer is kept for 7 days unless `force_check` is ' +
      'set. What cannot be known is `failed`.',
    input: {
      body: z.object({
        blocking: choiceField(['no_wait', 'wait']).default('no_wait'),
        contacts: z
          .array(z.coerce.string().min(1).max(100), {
            error: ({ input }) =>
              input === undefined ? 'This field is required.' : 'Expected a list of items.',
          })
          .min(1, 'This list may not be empty.')
          .max(1_000),
        force_check: booleanField.default(false),
      }),
    },
    output: z.object({ contacts: z.array(checkWire) }),
    call: ({ deps, workspaceId, body }) =>
      checkNumbers(deps, { workspaceId, inputs: body.contacts, force: body.force_check }),
    toWire: (checks) => ({ contacts: checks.map(toCheck) }),
  }),
]

function toCheck({ input, waId, status }: NumberCheck): z.input<typeof checkWire> {
  return {
    ...(waId !== undefined && { wa_id: waId }),
    input,
    status: status === 'unknown' ? 'failed' : status,
  }
}

function toResult({
  name,
  phoneNumbers,
  emailAddresses,
  provider,
}: ProvidedContact): z.input<typeof resultWire> {
  return {
    name,
    initials: initialsOf(name),
    phone_numbers: phoneNumbers.map(({ value, description }) => ({ phone_number: value, description })),
    email_addresses: emailAddresses.map(({ value, description }) => ({ email_address: value, description })),
    contact_provider: { type: provider.type, name: provider.name, id: provider.id },
  }
}

/** Somebody may be known elsewhere whom there is no chat with. */
function noneIfNotFound(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'not_found') return undefined
  throw error
}
