import { z } from 'zod'
import { defineRoute, type Route } from '../kit/route.ts'
import { toWaId } from '../model/phone.ts'
import { AppError } from '../model/errors.ts'
import { resolveInProviders, searchProviders } from './search-providers.ts'

const described = z.array(z.object({ value: z.string(), description: z.string() }))
const contactView = z
  .object({
    name: z.string(),
    phoneNumbers: described,
    emailAddresses: described,
    provider: z.object({ id: z.uuid(), type: z.string(), name: z.string() }),
  })
  .meta({ id: 'ProvidedContact' })

const path = '/platform/v1/contact-providers/contacts'
const base = { tag: 'Contact providers', auth: 'key', method: 'get' } as const

/** Contacts where they are kept: in the audience, and in address books that were connected. */
export const routes: Route[] = [
  defineRoute({
    ...base,
    path,
    summary: 'Search the contact providers',
    description:
      'Each gives up to `limit`. One that does not answer is named in `failed`, and the others answer.',
    input: {
      query: z.object({
        search: z.string().min(1).max(200).optional(),
        limit: z.coerce.number().int().min(1).max(100).default(20),
        cursor: z.string().max(10_000).optional(),
      }),
    },
    output: z.object({
      items: z.array(contactView),
      nextCursor: z.string().nullable(),
      count: z.int().nullable().meta({ description: 'null where one of them does not tell' }),
      failed: z.array(z.string()),
    }),
    handle: async ({ deps, actor: { workspaceId }, query: { search, limit, cursor } }) => {
      const page = await searchProviders(deps, { workspaceId, search, limit, cursor })
      const { contacts, next = null, count = null, failed } = page
      return { items: contacts, nextCursor: next, count, failed }
    },
  }),
  defineRoute({
    ...base,
    path: `${path}/:phone`,
    summary: 'Find a phone number in the contact providers',
    input: { params: z.object({ phone: z.string().max(40) }) },
    output: z.object({ items: z.array(contactView), nextCursor: z.null() }),
    handle: async ({ deps, actor: { workspaceId }, params }) => {
      const phone = toWaId(params.phone)
      if (!phone) throw new AppError('not_found', `${params.phone} is no phone number`)
      return { items: await resolveInProviders(deps, { workspaceId, phone }), nextCursor: null }
    },
  }),
]
