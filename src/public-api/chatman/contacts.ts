import { z } from 'zod'
import { checkContact, type ContactCheck } from '../../contacts/check-contact.ts'
import { getContact } from '../../contacts/find-contacts.ts'
import { listChanged } from '../../contacts/list-changed.ts'
import { findContact, findContactsByWaId } from '../../contacts/look-up-contacts.ts'
import { joinPhone } from '../../contacts/phone-parts.ts'
import { saveContact } from '../../contacts/save-contact.ts'
import { acknowledgeIdentity, getIdentity, type WhatsAppIdentity } from '../../contacts/whatsapp-identity.ts'
import { decodeCursor, page } from '../../kit/paging.ts'
import { isWritableAttribute } from '../../model/contact-attributes.ts'
import { jsonObjectSchema } from '../../model/json.ts'
import { afterPaging } from '../after-paging.ts'
import { dialectRoute, type Call, type DialectRoute } from '../dialect-route.ts'
import { wireTime } from '../wire-time.ts'
import { contactWire, referenceOf, toWireContact } from './wire.ts'

const tag = 'Contacts'
const cursor = z.tuple([z.iso.datetime(), z.uuid()])
const params = z.object({
  wa_id: z.string().max(200).meta({
    description: 'country code and phone number; or the user_id or BSUID of a user who hides it',
  }),
})
const digits = z.union([z.string(), z.int()]).transform(String)
const phone = {
  phone_number: digits.meta({ description: 'as it is dialled within the country', example: '9876543210' }),
  country_code: digits.meta({ description: 'a calling code', example: '91' }),
}
const phoneFields = {
  phone: 'phone_number',
  countryCode: 'country_code',
  waId: 'phone_number',
  tags: 'user_tags',
}
const inPath = { contactId: 'wa_id', bsuid: 'wa_id' }
const optional = z.string().nullable().optional()
const systemAttributes = z.looseObject({
  first_name: optional,
  last_name: optional,
  email: optional,
  date_of_birth: optional.meta({ description: 'YYYY-MM-DD' }),
  gender: optional,
  city: optional,
  state: optional,
  country: optional.meta({ description: 'ISO 3166 code or English name' }),
  language: optional,
  time_zone: optional,
  whatsapp_opted: z
    .boolean()
    .optional()
    .meta({ description: 'the user agreed to messages, or refused them all' }),
})
const person = {
  ...phone,
  external_customer_id: z.string().trim().min(1).max(200).optional().meta({
    description: 'a unique ID on your platform',
  }),
  system_attributes: systemAttributes.optional(),
  custom_attributes: jsonObjectSchema
    .optional()
    .meta({ description: 'by their declared names; null empties one' }),
  user_tags: z.array(z.string().trim().min(1).max(100)).max(500).optional().meta({
    description: "replaces the user's tags",
  }),
}
const needed = systemAttributes.extend({ first_name: z.string(), email: z.string() })
const created = contactWire.extend({
  created: z.boolean().meta({ description: 'false: the user was known' }),
})
const identityWire = z.object({
  wa_id: z.string(),
  hash: z.string(),
  acknowledged: z
    .boolean()
    .meta({ description: 'false: it changed, and nobody has said since that it is right' }),
  outdated: z.boolean().meta({ description: 'WhatsApp has not told the hash that took its place yet' }),
  created_at: z.iso.datetime().meta({ description: 'since when it is the hash' }),
})

export const contactRows: DialectRoute[] = [
  dialectRoute({
    ...{ tag, method: 'get', path: '/contacts', summary: 'Get Contacts List' },
    description:
      '`mode` `all` gives every contact; `new` those created and `modified` those changed from start_time to before end_time, the oldest first: a contact that changes while you page comes again.',
    input: {
      query: z.object({
        mode: z.enum(['all', 'new', 'modified']).default('all'),
        start_time: wireTime.optional().meta({ description: 'ISO 8601 or epoch; of `new` and `modified`' }),
        end_time: wireTime.optional().meta({ description: 'before this time; of `new` and `modified`' }),
        ...afterPaging.query,
      }),
    },
    output: afterPaging.of(contactWire),
    call: listContacts,
    toWire: afterPaging.toWire(toWireContact),
  }),
  dialectRoute({
    ...{ tag, method: 'get', path: '/contacts/details', summary: 'Get Multiple Contacts Details' },
    input: {
      query: z.object({
        wa_ids: z.string().max(3_500).meta({
          description:
            'up to 200, separated by commas, each formed by combining the country code and phone number',
        }),
      }),
    },
    output: z.object({ data: z.array(contactWire), not_found: z.array(z.string()) }),
    call: ({ deps, workspaceId, query }) => findContactsByWaId(deps, workspaceId, query.wa_ids.split(',')),
    toWire: ({ found, unknown }) => ({ data: found.map(toWireContact), not_found: unknown }),
    fields: { waIds: 'wa_ids' },
  }),
  dialectRoute({
    ...{ tag, method: 'get', path: '/contacts/:wa_id', summary: 'Get Contact Details' },
    input: { params },
    output: contactWire,
    call: async (call) => getContact(call.deps, call.workspaceId, await findUser(call)),
    toWire: toWireContact,
    fields: inPath,
  }),
  dialectRoute({
    ...{ tag, method: 'post', path: '/contacts', summary: 'Add Contact', status: 201 },
    description: 'A phone number that is known already updates that contact.',
    input: {
      body: z.object({ ...person, system_attributes: needed.prefault({} as z.input<typeof needed>) }),
    },
    output: created,
    call: saveUser,
    toWire: (saved) => ({ ...toWireContact(saved), created: saved.created }),
    fields: phoneFields,
  }),
  dialectRoute({
    ...{ tag, method: 'post', path: '/contacts/update', summary: 'Update Contact' },
    description: 'What is not named stays. 404 when nobody has the phone number.',
    input: { body: z.object(person) },
    output: contactWire,
    call: async (call) => {
      await findContact(call.deps, call.workspaceId, { waId: waIdOf(call.body) })
      return saveUser(call)
    },
    toWire: toWireContact,
    fields: phoneFields,
  }),
  dialectRoute({
    ...{ tag, method: 'post', path: '/contacts/check', summary: 'Check Contact' },
    description:
      'Whether a phone number is on WhatsApp, as far as WhatsApp has told: `valid` after a message from it or one that WhatsApp passed on to it, `invalid` after one that was undeliverable (131026). The Cloud API has no call that asks, so everybody else is `unknown`.',
    input: { body: z.object(phone) },
    output: z.object({
      wa_id: z.string(),
      status: z.enum(['valid', 'invalid', 'unknown']),
      evidence: z.enum(['message_received', 'message_sent', 'message_undeliverable']).nullable(),
      checked_at: z.iso.datetime().nullable().meta({ description: 'when WhatsApp told it' }),
      user_id: z.uuid().nullable(),
    }),
    call: ({ deps, workspaceId, body }) => checkContact(deps, { workspaceId, phone: waIdOf(body) }),
    toWire: toWireCheck,
    fields: phoneFields,
  }),
  dialectRoute({
    ...{ tag, method: 'get', path: '/contacts/:wa_id/identity', summary: 'Check Contact Identity' },
    description:
      "WhatsApp's hash of the person behind the phone number, as it was last told to the key's number.",
    input: { params },
    output: identityWire,
    call: async (call) => getIdentity(call.deps, { ...call, contactId: await findUser(call) }),
    toWire: toWireIdentity,
    fields: inPath,
  }),
  dialectRoute({
    ...{ tag, method: 'patch', path: '/contacts/:wa_id/identity', summary: 'Update Contact Identity' },
    description: 'Says that the changed hash is the right person. 409 when it is not the current one.',
    input: { params, body: z.object({ hash: z.string().min(1).max(200) }) },
    output: identityWire,
    call: async (call) =>
      acknowledgeIdentity(call.deps, { ...call, ...call.body, contactId: await findUser(call) }),
    toWire: toWireIdentity,
    fields: inPath,
  }),
]

type ListQuery = { mode: 'all' | 'new' | 'modified'; limit: number; after?: string | undefined } & {
  start_time?: string | undefined
  end_time?: string | undefined
}

async function listContacts({ deps, workspaceId, query }: Call<unknown, ListQuery>) {
  const { mode, limit, start_time: from, end_time: to } = query
  const [at, id] = decodeCursor(query.after, cursor) ?? []
  const rows = await listChanged(deps, {
    workspaceId,
    by: mode === 'modified' ? 'updated' : 'created',
    ...(mode !== 'all' && { from, to }),
    after: at && id ? { at, id } : undefined,
    limit: limit + 1,
  })
  return page.cut(rows, limit, (row) => [row.at, row.id])
}

function findUser({ deps, workspaceId, params: { wa_id } }: Call<{ wa_id: string }>): Promise<string> {
  return findContact(deps, workspaceId, referenceOf(wa_id))
}

interface Phone {
  phone_number: string
  country_code: string
}

function waIdOf({ phone_number, country_code }: Phone): string {
  return joinPhone({ phone: phone_number, countryCode: country_code })
}

type Person = Phone & { [K in Exclude<keyof typeof person, keyof Phone>]?: z.output<(typeof person)[K]> }

async function saveUser({ deps, workspaceId, by, body }: Call<unknown, unknown, Person>) {
  const { whatsapp_opted: optedIn, ...system } = body.system_attributes ?? {}
  const { contactId, created } = await saveContact(deps, {
    ...{ workspaceId, by, optedIn, source: 'api', manualAdd: true, tags: body.user_tags },
    ...{ waId: waIdOf(body), externalId: body.external_customer_id },
    attributes: jsonObjectSchema.parse({ ...body.custom_attributes, ...system }),
    fieldOf: (name) =>
      isWritableAttribute(name) || name in system ? `system_attributes.${name}` : `custom_attributes.${name}`,
  })
  return { ...(await getContact(deps, workspaceId, contactId)), created }
}

function toWireCheck({ waId, status, evidence, at, contactId }: ContactCheck) {
  return { wa_id: waId, status, evidence, checked_at: at, user_id: contactId }
}

function toWireIdentity({ address, hash, acknowledged, outdated, seenAt }: WhatsAppIdentity) {
  return { wa_id: address, hash, acknowledged, outdated, created_at: seenAt }
}
