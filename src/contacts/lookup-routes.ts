import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { consentCategories, consentStates } from '../model/consent.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { contactView } from './contact-schema.ts'
import { getContactStatus } from './get-contact-status.ts'
import { listChanged } from './list-changed.ts'
import { lookUpContacts } from './look-up-contacts.ts'

const time = z.iso.datetime({ offset: true }).optional()
const base = { tag: 'Contacts', auth: 'key' } as const
const cursor = z.tuple([z.iso.datetime(), z.uuid()])
const nullableTime = z.iso.datetime().nullable()
const name = z.string().min(1).max(254).optional()

/** Contacts as other systems ask for them: by their own names, by time, and whether one may write to them. */
export const lookupRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/contacts/changes',
    summary: 'List contacts by when they were created or last changed, the oldest first',
    input: {
      query: page.query.extend({
        by: z.enum(['created', 'updated']).default('updated'),
        from: time.meta({ description: 'at this time or later' }),
        to: time.meta({ description: 'before this time' }),
      }),
    },
    output: page.of(contactView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor: given, ...asked } }) => {
      const [at, id] = decodeCursor(given, cursor) ?? []
      const after = at && id ? { at, id } : undefined
      const rows = await listChanged(deps, { workspaceId, ...asked, after, limit: limit + 1 })
      return page.cut(rows, limit, (row) => [row.at, row.id])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: '/platform/v1/contacts/lookup',
    summary: 'Find contacts by what names them: id, phone number, external id, BSUID or e-mail address',
    input: {
      body: z.object({
        contacts: z
          .array(z.object({ contactId: name, waId: name, externalId: name, bsuid: name, email: name }))
          .min(1)
          .max(1_000)
          .meta({ description: 'of each the first name that is given counts' }),
      }),
    },
    output: z.object({
      items: z.array(z.object({ contactId: z.uuid().nullable(), problem: z.string().nullable() })),
    }),
    handle: async ({ deps, actor: { workspaceId }, body }) => {
      const found = await lookUpContacts(forkFor(deps.orm, workspaceId), workspaceId, body.contacts)
      return {
        items: found.map((each) => ({
          contactId: 'contactId' in each ? each.contactId : null,
          problem: 'problem' in each ? each.problem : null,
        })),
      }
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/contacts/:id/status',
    summary: 'Whether a contact may be written to, and can be',
    input: { params: z.object({ id: z.uuid() }) },
    output: z.object({
      contactId: z.uuid(),
      optedIn: z.boolean(),
      optedOutAt: nullableTime,
      categories: z.array(
        z.object({
          category: z.enum(consentCategories),
          state: z.enum(consentStates).nullable(),
          source: z.string().nullable(),
          at: nullableTime,
        }),
      ),
      spamAt: nullableTime,
      lastSeenAt: nullableTime,
      createdAt: z.iso.datetime(),
      reachable: z.boolean(),
      whatsapp: z.object({
        status: z.enum(['valid', 'invalid', 'unknown']),
        evidence: z.string().nullable(),
        at: nullableTime,
      }),
    }),
    handle: async ({ deps, actor, params: { id } }) => getContactStatus(deps, actor.workspaceId, id),
  }),
]
