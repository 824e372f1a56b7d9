import { z } from 'zod'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { consentCategories, consentScopeSchema, consentStates } from '../model/consent.ts'
import { getConsent } from './find-consent.ts'
import { getConsentRecord, listConsentRecords } from './find-consent-records.ts'
import { setConsent } from './set-consent.ts'

const category = z.enum(consentCategories)
const state = z.enum(consentStates)
const consentView = z
  .object({
    contactId: z.uuid(),
    optedOutAt: z.iso.datetime().nullable().meta({ description: 'since when every category is refused' }),
    categories: z.array(
      z.object({
        category,
        state: state.nullable().meta({ description: 'null: nothing was ever said' }),
        source: z.string().nullable(),
        text: z.string().nullable(),
        at: z.iso.datetime().nullable(),
        by: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Consent' })

const recordView = z
  .object({
    id: z.uuid(),
    contactId: z.uuid(),
    contactName: z.string().nullable(),
    waId: z.string().nullable(),
    category,
    state,
    changed: z
      .boolean()
      .meta({ description: 'false: it stood like that already, or something newer was said' }),
    source: z.string().meta({ description: 'keyword, button, whatsapp, import, or what the API was told' }),
    text: z.string().nullable().meta({ description: 'the words themselves' }),
    at: z.iso.datetime().meta({ description: 'when it was said' }),
    recordedAt: z.iso.datetime(),
    by: z.string().meta({ description: 'contact, whatsapp, `user <id>`, `key <id>` …' }),
    message: z
      .object({
        id: z.uuid(),
        wamid: z.string().nullable(),
        direction: z.enum(['in', 'out']),
        text: z.string(),
        word: z.string().nullable().meta({ description: 'the word it was taken for' }),
        rule: z.string().nullable().meta({ description: 'how the word was found' }),
      })
      .nullable()
      .meta({ description: "the customer's message, or ours that WhatsApp would not deliver" }),
  })
  .meta({ id: 'ConsentRecord' })

const params = z.object({ id: z.uuid() })
const base = { tag: 'Consent', auth: 'key' } as const
const filters = { category: category.optional(), state: state.optional() }
const words = z.string().trim().min(1)

export const consentRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/contacts/:id/consent',
    summary: 'What a contact agreed to and refused',
    input: { params },
    output: consentView,
    handle: async ({ deps, actor, params: { id } }) => getConsent(deps, actor.workspaceId, id),
  }),
  defineRoute({
    ...base,
    method: 'put',
    path: '/platform/v1/contacts/:id/consent',
    summary: 'Record that a contact agreed or refused',
    description:
      '`all` is every category: who refuses that gets no message of any kind. What was said before the latest statement is ' +
      'kept as proof and changes nothing.',
    input: {
      params,
      body: z.strictObject({
        category: consentScopeSchema,
        state,
        source: words.max(100).meta({ description: 'how you know, e.g. `checkout form`' }),
        text: words.max(2_000).meta({ description: 'the words that were agreed to, or said' }),
        at: z.iso
          .datetime({ offset: true })
          .optional()
          .meta({ description: 'when it was said; now when absent' }),
      }),
    },
    output: consentView,
    handle: async ({ deps, actor, params: { id }, body: { at, ...said } }) =>
      setConsent(deps, {
        ...said,
        ...{ workspaceId: actor.workspaceId, contactId: id, by: nameActor(actor) },
        atMs: at === undefined ? Date.now() : Date.parse(at),
      }),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/contacts/:id/consent/history',
    summary: 'Everything a contact said about consent, newest first',
    input: { params, query: page.query.extend(filters) },
    output: page.of(recordView),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query }) => {
      const { contactId } = await getConsent(deps, workspaceId, id)
      return listRecords(deps, { ...query, workspaceId, contactId })
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/consent/records',
    summary: 'Everything anybody said about consent, newest first',
    input: { query: page.query.extend({ ...filters, source: z.string().min(1).max(100).optional() }) },
    output: page.of(recordView),
    handle: async ({ deps, actor: { workspaceId }, query }) => listRecords(deps, { ...query, workspaceId }),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/consent/records/:id',
    summary: 'Show one statement as proof: who, when, the words, the message',
    input: { params },
    output: recordView,
    handle: async ({ deps, actor, params: { id } }) => getConsentRecord(deps, actor.workspaceId, id),
  }),
]

type Listing = Omit<Parameters<typeof listConsentRecords>[1], 'before'> & { cursor?: string | undefined }

async function listRecords(deps: Parameters<typeof listConsentRecords>[0], { cursor, ...input }: Listing) {
  const before = decodeCursor(cursor, z.tuple([z.string().regex(/^\d{1,18}$/)]))?.[0]
  const rows = await listConsentRecords(deps, { ...input, before, limit: input.limit + 1 })
  return page.cut(rows, input.limit, ({ seq }) => [seq])
}
