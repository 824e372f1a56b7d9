import { z } from 'zod'
import { jsonObjectSchema, type JsonObject } from '../model/json.ts'

const text = (description: string) => z.string().max(300).nullable().optional().meta({ description })

/** `__proto__`, which zod leaves out of what it reads, is refused like any other name that nobody declared. */
const customAttributes = z.preprocess((given, context) => {
  if (given !== null && typeof given === 'object' && Object.hasOwn(given, '__proto__'))
    context.addIssue({ code: 'custom', path: ['__proto__'], message: 'is no name of an attribute' })
  return given
}, jsonObjectSchema)

/** A contact's attributes and tags in a request. What each may hold is checked where it is written. */
export const personFields = {
  name: text('the full name'),
  firstName: text('at most 200 characters'),
  lastName: text('at most 200 characters'),
  email: text('an e-mail address'),
  language: text('a BCP 47 tag like pt-BR'),
  timeZone: text('an IANA time zone like Asia/Kolkata'),
  dateOfBirth: text('YYYY-MM-DD'),
  gender: text('at most 50 characters'),
  city: text('at most 100 characters'),
  state: text('at most 100 characters'),
  country: text('an ISO 3166 code like IN, or its English name'),
  attributes: customAttributes.optional().meta({ description: 'custom attributes by their declared names' }),
  tags: z
    .array(z.string().trim().min(1).max(100))
    .max(500)
    .optional()
    .meta({ description: "replaces the contact's tags" }),
}

const names = {
  name: 'name',
  firstName: 'first_name',
  lastName: 'last_name',
  email: 'email',
  language: 'language',
  timeZone: 'time_zone',
  dateOfBirth: 'date_of_birth',
  gender: 'gender',
  city: 'city',
  state: 'state',
  country: 'country',
} as const
type Field = keyof typeof names
const fields = new Map(Object.entries(names).map(([field, name]) => [name as string, field]))

/** Under the names that texts use: `first_name`, `time_zone`. */
export function readPerson(
  given: { [field in Field]?: string | null | undefined } & { attributes?: JsonObject | undefined },
): JsonObject {
  const present = Object.entries(names).flatMap(([field, name]) => {
    const value = given[field as Field]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...given.attributes, ...Object.fromEntries(present) }
}

/** How a request of these fields calls an attribute. */
export function fieldOfPerson(name: string): string {
  return fields.get(name) ?? `attributes.${name}`
}
