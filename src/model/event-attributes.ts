import { z } from 'zod'
import type { FieldError } from './errors.ts'
import type { JsonObject } from './json.ts'

/** What a type of custom events may be called. */
export const eventNameSchema = z
  .string()
  .regex(/^[\w.:-]{1,100}$/, 'must be 1 to 100 letters, digits, . : _ or -')

export const attributeTypes = [
  'integer',
  'string',
  'float',
  'boolean',
  'list',
  'date',
  'datetime',
  'json',
  'uuid',
] as const
export const attributeTypesSchema = z.record(z.string().regex(/^[A-Za-z_]\w{0,99}$/), z.enum(attributeTypes))

export type AttributeType = (typeof attributeTypes)[number]

/** What a value of each type is, in JSON. */
export const attributeSchemas: Record<AttributeType, z.ZodType> = {
  integer: z.number().int(),
  string: z.string().max(4_096),
  float: z.number(),
  boolean: z.boolean(),
  list: z.array(z.union([z.string(), z.number(), z.boolean()])).max(1_000),
  date: z.iso.date(),
  datetime: z.iso.datetime({ offset: true }),
  json: z.json(),
  uuid: z.uuid(),
}

/** What in an event's attributes contradicts its type's declaration; absent attributes are allowed. */
export function checkAttributes(declared: Record<string, string>, attributes: JsonObject): FieldError[] {
  return Object.entries(attributes).flatMap(([name, value]) => {
    const field = `attributes.${name}`
    const type = Object.hasOwn(declared, name) ? (declared[name] as AttributeType) : undefined
    if (!type) return [{ field, message: 'is not declared in the event type' }]
    const parsed = attributeSchemas[type].safeParse(value)
    return parsed.success ? [] : [{ field, message: `must be ${type}: ${parsed.error.issues[0]?.message}` }]
  })
}
