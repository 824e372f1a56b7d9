import { z } from 'zod'
import type { ContactDetail } from '../../contacts/find-contacts.ts'
import type { ContactReference } from '../../contacts/look-up-contacts.ts'
import { splitPhone } from '../../contacts/phone-parts.ts'
import { jsonObjectSchema } from '../../model/json.ts'
import { isBsuid } from '../../model/phone.ts'

/** What every list of Chatman's calls our fields, in errors. */
export const chatmanFields = {
  cursor: 'after',
  contactId: 'user_id',
  waId: 'wa_id',
  externalId: 'external_customer_id',
  type: 'event_name',
  from: 'start_time',
  to: 'end_time',
  at: 'occurred_at',
}

const text = z.string().trim().min(1)

/** Ways to name a user; the first that is given counts. */
export const userFields = {
  user_id: text
    .max(100)
    .optional()
    .meta({ description: "the user's id here: `biz_whatsapp_user_id` is the same" }),
  biz_whatsapp_user_id: text.max(100).optional(),
  wa_id: text.max(200).optional().meta({ description: 'country code and phone number, digits only' }),
  external_customer_id: text.max(200).optional().meta({ description: 'a unique ID on your platform' }),
  email: text.max(254).optional(),
}
const user = z.object(userFields)
export const userSchema = user.refine((given) => Object.values(given).some(Boolean), {
  message: 'name the user by user_id, wa_id, external_customer_id or email',
})
export type WireUser = z.output<typeof user>

export function toReference({ biz_whatsapp_user_id, ...given }: WireUser): ContactReference {
  return {
    contactId: given.user_id ?? biz_whatsapp_user_id,
    waId: given.wa_id,
    externalId: given.external_customer_id,
    email: given.email,
  }
}

/** What stands in a path for a user: a phone number, or, of users without one, another id. */
export function referenceOf(address: string): ContactReference {
  if (z.uuid().safeParse(address).success) return { contactId: address }
  return isBsuid(address) ? { bsuid: address } : { waId: address }
}

const nullable = z.string().nullable()
const time = z.iso.datetime()

export const contactWire = z
  .object({
    user_id: z.uuid(),
    biz_whatsapp_user_id: z.uuid().meta({ description: 'the same as user_id' }),
    wa_id: nullable.meta({ description: 'null for users who hide their phone number' }),
    country_code: nullable,
    phone_number: nullable,
    username: nullable,
    bsuid: nullable.meta({ description: 'business-scoped user id' }),
    external_customer_id: nullable,
    system_attributes: z.object({
      name: nullable,
      first_name: nullable,
      last_name: nullable,
      email: nullable,
      date_of_birth: nullable,
      gender: nullable,
      city: nullable,
      state: nullable,
      country: nullable,
      language: nullable,
      time_zone: nullable,
      whatsapp_opted: z.boolean().meta({ description: 'false: refused every message' }),
    }),
    custom_attributes: jsonObjectSchema,
    user_tags: z.array(z.string()),
    source: nullable,
    is_spam: z.boolean(),
    last_seen_at: time.nullable(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'ChatmanContact' })

export function toWireContact(contact: ContactDetail): z.input<typeof contactWire> {
  const { id, attributes, tags, identities } = contact
  const current = (kind: string) =>
    identities.findLast((each) => each.kind === kind && each.validTo === null)?.value ?? null
  const waId = current('wa_id')
  const { phone = null, countryCode = null } = waId === null ? {} : splitPhone(waId)
  return {
    ...{ user_id: id, biz_whatsapp_user_id: id, wa_id: waId, country_code: countryCode, phone_number: phone },
    ...{ username: current('username'), bsuid: current('bsuid'), external_customer_id: current('external') },
    system_attributes: toSystemAttributes(contact),
    ...{ custom_attributes: attributes, user_tags: tags, source: contact.source },
    ...{ is_spam: contact.spamAt !== null, last_seen_at: contact.lastSeenAt },
    ...{ created_at: contact.createdAt, updated_at: contact.updatedAt },
  }
}

function toSystemAttributes({
  name,
  email,
  gender,
  city,
  state,
  country,
  language,
  ...contact
}: ContactDetail) {
  return {
    ...{ name, email, gender, city, state, country, language },
    ...{ first_name: contact.firstName, last_name: contact.lastName },
    ...{ date_of_birth: contact.dateOfBirth, time_zone: contact.timeZone },
    whatsapp_opted: contact.optedOutAt === null,
  }
}
