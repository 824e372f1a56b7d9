import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { newId } from '../db/columns.ts'
import { jsonObjectSchema, type JsonObject } from '../model/json.ts'
import { identityKinds } from './entities.ts'
import { getContact, listContacts } from './find-contacts.ts'
import { saveContact, setTags } from './save-contact.ts'
import { setAttributes } from './set-attributes.ts'

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
    attributes: jsonObjectSchema,
    tags: z.array(z.string()),
    optedOutAt: z.iso.datetime().nullable(),
    mergedInto: z.uuid().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    identities: z.array(identityView),
  })
  .meta({ id: 'Contact' })

const text = z.string().trim().min(1).max(200).nullable().optional()
const tags = z.array(z.string().trim().min(1).max(100)).max(500).optional()
/** A template reaches attributes by name, so their names are words. */
const attributes = jsonObjectSchema.refine((given) => Object.keys(given).every(isName), {
  message: 'names are letters, digits and _, at most 100',
})
const person = {
  name: text,
  firstName: text,
  lastName: text,
  email: z.email().nullable().optional(),
  language: z.string().trim().min(2).max(20).nullable().optional(),
  timeZone: z.string().refine(isZone, 'must be an IANA time zone like Asia/Kolkata').nullable().optional(),
  attributes: attributes.optional(),
  tags: tags.meta({ description: "replaces the contact's tags" }),
}
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
    input: { body: z.object({ ...claims, ...person }) },
    output: contactView.extend({ created: z.boolean() }),
    handle: async ({ deps, actor, body }) => {
      const { workspaceId } = actor
      const { waId, bsuid, portfolioId, externalId, ...rest } = body
      const { contactId, created } = await saveContact(deps, {
        workspaceId,
        ...{ waId, bsuid, portfolioId, externalId },
        attributes: toAttributes(rest),
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
    input: { params, body: z.object(person) },
    output: contactView,
    handle: async ({ deps, actor, params: { id }, body }) => {
      const { workspaceId } = actor
      const given = toAttributes(body)
      const change = { workspaceId, contactId: id, by: nameActor(actor) }
      await getContact(deps, workspaceId, id)
      if (Object.keys(given).length > 0)
        await setAttributes(deps, { ...change, attributes: given, causeId: newId(), atMs: Date.now() })
      const { tags: wanted } = body
      if (wanted) {
        await forkFor(deps.orm, workspaceId).transactional((em) => setTags(em, { ...change, tags: wanted }))
      }
      return getContact(deps, workspaceId, id)
    },
  }),
]

interface Person {
  firstName?: string | null | undefined
  lastName?: string | null | undefined
  name?: string | null | undefined
  email?: string | null | undefined
  language?: string | null | undefined
  timeZone?: string | null | undefined
  attributes?: JsonObject | undefined
}

/** Under the names that texts use: `first_name`, `time_zone`. */
function toAttributes(given: Person): JsonObject {
  const { firstName, lastName, timeZone, name, email, language } = given
  const system = {
    name,
    first_name: firstName,
    last_name: lastName,
    email,
    language,
    time_zone: timeZone,
  }
  const present = Object.entries(system).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value]],
  )
  return { ...given.attributes, ...(Object.fromEntries(present) as JsonObject) }
}

function isName(name: string): boolean {
  return /^[A-Za-z_]\w{0,99}$/.test(name)
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
