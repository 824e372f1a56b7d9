import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { newId } from '../db/columns.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { relaySoon } from '../outbox/relay.ts'
import { identityKinds } from './entities.ts'
import { getContact, listContacts } from './find-contacts.ts'
import { readPerson, fieldOfPerson, personFields } from './person-fields.ts'
import { saveContact } from './save-contact.ts'
import { writeAttributes } from './set-attributes.ts'
import { setTags } from './set-tags.ts'

const identityView = z.object({
  kind: z.enum(identityKinds),
  scope: z.string().meta({ description: 'of a BSUID the business portfolio' }),
  value: z.string(),
  source: z.string(),
  validFrom: z.iso.datetime(),
  validTo: z.iso.datetime().nullable(),
})
const contactView = z
  .object({
    id: z.uuid(),
    name: z.string().nullable(),
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    email: z.string().nullable(),
    language: z.string().nullable(),
    timeZone: z.string().nullable(),
    dateOfBirth: z.iso.date().nullable(),
    gender: z.string().nullable(),
    city: z.string().nullable(),
    state: z.string().nullable(),
    country: z.string().nullable(),
    attributes: jsonObjectSchema,
    tags: z.array(z.string()),
    optedOutAt: z.iso.datetime().nullable(),
    mergedInto: z.uuid().nullable(),
    lastSeenAt: z.iso.datetime().nullable().meta({ description: "of the contact's last message" }),
    spamAt: z.iso.datetime().nullable(),
    source: z.string().nullable().meta({ description: 'where the contact came from' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    identities: z.array(identityView),
  })
  .meta({ id: 'Contact' })

const claims = {
  waId: z.string().max(30).optional().meta({ description: 'a phone number with country code' }),
  bsuid: z.string().max(200).optional().meta({ description: 'business-scoped user id' }),
  portfolioId: z.string().max(100).optional(),
  externalId: z.string().min(1).max(200).optional().meta({ description: "your own system's id" }),
}

const path = '/platform/v1/contacts'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Contacts', auth: 'key' } as const

export const contactRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List or search contacts, newest first',
    input: {
      query: page.query.extend({
        search: z.string().trim().min(1).max(200).optional().meta({
          description: 'part of a name or e-mail address, or the beginning of a phone number or other id',
        }),
        tag: z.string().min(1).max(100).optional(),
      }),
    },
    output: page.of(contactView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, search, tag } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listContacts(deps, { workspaceId, search, tag, before, limit: limit + 1 })
      return page.cut(rows, limit, ({ id }) => [id])
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
      const { contactId, created } = await saveContact(deps, {
        workspaceId,
        ...{ waId, bsuid, portfolioId, externalId },
        attributes: readPerson(rest),
        fieldOf: fieldOfPerson,
        tags: rest.tags,
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
    description: 'Attributes that are not named stay; null empties one.',
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
      return getContact(deps, workspaceId, id)
    },
  }),
]
