import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { newId } from '../db/columns.ts'
import { AppError } from '../model/errors.ts'
import { relaySoon } from '../outbox/relay.ts'
import { contactView, filterFields, searchText } from './contact-schema.ts'
import { getContact, getSurvivor } from './find-contacts.ts'
import { countContacts, maximumCount, queryContacts } from './query-contacts.ts'
import { readPerson, fieldOfPerson, personFields } from './person-fields.ts'
import { saveContact } from './save-contact.ts'
import { writeAttributes } from './set-attributes.ts'
import { setTags } from './set-tags.ts'
import { sortSchema } from './sort-fragment.ts'

const claims = {
  waId: z.string().max(30).optional().meta({ description: 'a phone number with country code' }),
  bsuid: z.string().max(200).optional().meta({ description: 'business-scoped user id' }),
  portfolioId: z.string().max(100).optional(),
  externalId: z.string().min(1).max(200).optional().meta({ description: "your own system's id" }),
}

const path = '/platform/v1/contacts'
const params = z.object({ id: z.uuid() })
const ofMerged = 'Of a contact that was merged, the one it became is changed and answered.'
const base = { tag: 'Contacts', auth: 'key' } as const

export const contactRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List or search contacts, newest first',
    input: {
      query: page.query.extend({
        search: searchText.optional(),
        tag: z.string().min(1).max(100).optional(),
      }),
    },
    output: page.of(contactView),
    handle: async ({ deps, actor: { workspaceId }, query }) => {
      const rows = await queryContacts(deps, { workspaceId, ...query })
      return page.cut(rows, query.limit, ({ sortKey }) => sortKey)
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/query`,
    summary: 'List the contacts that fit a search and a condition, sorted as you like',
    description: 'Those without a value stand last; among equals the newer stand first.',
    input: {
      body: z.object({
        ...filterFields,
        sort: sortSchema.optional().meta({ description: 'newest first when absent' }),
        limit: z.int().min(1).max(200).default(50),
        cursor: z.string().max(1_000).optional(),
        count: z.boolean().default(true),
      }),
    },
    output: page.of(contactView).extend({
      total: z
        .int()
        .nullable()
        .meta({ description: `at most ${maximumCount}; null unless it was asked for` }),
      countIsExact: z.boolean(),
    }),
    handle: async ({ deps, actor: { workspaceId }, body: { count, ...query } }) => {
      const rows = await queryContacts(deps, { workspaceId, ...query })
      const counted = count
        ? await countContacts(deps, { workspaceId, ...query })
        : { total: null, countIsExact: false }
      return { ...page.cut(rows, query.limit, ({ sortKey }) => sortKey), ...counted }
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Create a contact, or update the one who holds an identity',
    description: '409 names the fields when the identities belong to different contacts.',
    status: 201,
    input: { body: z.object({ ...claims, ...personFields }) },
    output: contactView.extend({ created: z.boolean() }),
    handle: async ({ deps, actor, body }) => {
      const { workspaceId } = actor
      const { waId, bsuid, portfolioId, externalId, ...rest } = body
      refuseNobody(body)
      const { contactId, created } = await saveContact(deps, {
        workspaceId,
        ...{ waId, bsuid, portfolioId, externalId },
        attributes: readPerson(rest),
        fieldOf: fieldOfPerson,
        tags: rest.tags,
        manualAdd: true,
        by: nameActor(actor),
      })
      return { ...(await getContact(deps, workspaceId, contactId)), created }
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show a contact with its identities',
    input: { params },
    output: contactView,
    handle: async ({ deps, actor, params: { id } }) => getContact(deps, actor.workspaceId, id),
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${path}/:id`,
    summary: 'Change attributes and tags',
    description: `Attributes that are not named stay; null empties one. ${ofMerged}`,
    input: { params, body: z.object(personFields) },
    output: contactView,
    handle: async ({ deps, actor, params: { id }, body }) => {
      const { workspaceId } = actor
      const change = { workspaceId, contactId: id, by: nameActor(actor), fieldOf: fieldOfPerson }
      const attributes = readPerson(body)
      const outbox = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
        const told = await writeAttributes(em, { ...change, attributes, causeId: newId(), atMs: Date.now() })
        return body.tags ? [...told, ...(await setTags(em, { ...change, tags: body.tags }))] : told
      })
      relaySoon(deps, outbox)
      return getSurvivor(deps, workspaceId, id)
    },
  }),
]

/** A contact needs no phone, but something by which somebody could tell who it is. */
function refuseNobody(body: object): void {
  const says = Object.entries(body).some(
    ([name, value]) => name !== 'tags' && value !== null && value !== undefined,
  )
  if (says) return
  const message = 'name the contact: a phone number, another id, a name, an e-mail address or an attribute'
  throw new AppError('invalid_input', message, { fields: [{ field: 'waId', message }] })
}
