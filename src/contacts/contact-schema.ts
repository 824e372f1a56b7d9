import { z } from 'zod'
import { conditionSchema } from '../model/conditions.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { identityKinds } from './entities.ts'

/** A claim that a value names a contact, as the API shows one. */
const identityView = z.object({
  id: z.uuid(),
  kind: z.enum(identityKinds),
  scope: z.string().meta({ description: 'of a BSUID the business portfolio' }),
  value: z.string(),
  source: z.string(),
  validFrom: z.iso.datetime(),
  validTo: z.iso.datetime().nullable(),
})

/** A contact as the API shows one. */
export const contactView = z
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

/** The fields of a request that name one contact; resolveContact tells who it is. */
export const contactReference = {
  contactId: z.uuid().optional(),
  waId: z.string().max(30).optional().meta({ description: 'a phone number, when there is no contactId' }),
}

export const searchText = z.string().trim().min(1).max(200).meta({
  description:
    'words of a name or an e-mail address, or a part of a phone number, a username or another id; of one or two letters the beginning',
})

/** Which contacts, in lists, saved views and work on many at once. */
export const filterFields = {
  search: searchText.optional(),
  tag: z.string().min(1).max(100).optional(),
  condition: conditionSchema.optional(),
}
