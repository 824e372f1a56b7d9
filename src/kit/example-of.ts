/** JSON Schema as OpenAPI 3.1 writes it, as far as examples need it. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  format?: string
  pattern?: string
  const?: unknown
  default?: unknown
  example?: unknown
  examples?: unknown[]
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  minItems?: number
  minLength?: number
  maxLength?: number
  minimum?: number
  exclusiveMinimum?: number
  maximum?: number
}
export type Schemas = Record<string, Schema>

/** Deeper than any body that people fill in by hand; recursive schemas end there. */
const maximumDepth = 8

/**
 * A value that a schema describes: its own example where it has one, else the plainest. Of the body itself all fields are
 * shown, of what is inside those that must be there.
 * @param named the schemas that `$ref` names, by `#/components/schemas/<name>`.
 */
export function exampleOf(schema: Schema, named: Schemas, depth = 0): unknown {
  const own = ownExample(schema)
  if (own !== undefined) return own
  if (depth > maximumDepth) return null
  if (schema.$ref !== undefined) {
    return exampleOf(named[schema.$ref.split('/').at(-1) ?? ''] ?? {}, named, depth + 1)
  }
  if (schema.allOf) {
    const parts = schema.allOf.map((part) => exampleOf(part, named, depth))
    return Object.assign({}, ...parts.filter((part) => typeof part === 'object'))
  }
  const branches = schema.anyOf ?? schema.oneOf
  if (branches) return exampleOf(branches.find(({ type }) => type !== 'null') ?? {}, named, depth)
  return plainExample(schema, named, depth)
}

function ownExample(schema: Schema): unknown {
  return schema.example ?? schema.examples?.[0] ?? schema.const ?? schema.default ?? schema.enum?.[0]
}

function plainExample(schema: Schema, named: Schemas, depth: number): unknown {
  const type = [schema.type].flat().find((each) => each !== 'null')
  switch (type) {
    case 'object': {
      const { properties = {}, required = [] } = schema
      const shown = Object.entries(properties).filter(([name]) => depth === 0 || required.includes(name))
      return Object.fromEntries(shown.map(([name, each]) => [name, exampleOf(each, named, depth + 1)]))
    }
    case 'array':
      return schema.items && (depth < 2 || (schema.minItems ?? 0) > 0)
        ? [exampleOf(schema.items, named, depth + 1)]
        : []
    case 'integer':
    case 'number':
      return Math.min(
        Math.max(1, schema.minimum ?? 1, (schema.exclusiveMinimum ?? 0) + 1),
        schema.maximum ?? 1e9,
      )
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return type === undefined ? {} : exampleText(schema)
  }
}

const byFormat: Record<string, string> = {
  uuid: '01920000-0000-7000-8000-000000000000',
  'date-time': '2026-01-01T00:00:00.000Z',
  date: '2026-01-01',
  time: '09:00:00',
  email: 'ann@example.com',
  uri: 'https://example.com/1',
}
/** One of these fits most patterns. */
const candidates = [
  'example',
  '1',
  'USD',
  'en',
  'en_US',
  '+491701234567',
  '491701234567',
  'https://example.com/1.jpg',
  '09:00',
]

function exampleText({ format, pattern, minLength = 0, maxLength = Infinity }: Schema): string {
  const known = byFormat[format ?? '']
  if (known !== undefined) return known
  const fits = (text: string) =>
    text.length >= minLength &&
    text.length <= maxLength &&
    (pattern === undefined || new RegExp(pattern, 'u').test(text))
  return candidates.find(fits) ?? 'example'.padEnd(Math.min(minLength, 100), 'e').slice(0, maxLength)
}
