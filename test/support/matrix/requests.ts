import { z } from 'zod'
import { exampleOf, type Schema } from '../../../src/kit/example-of.ts'
import type { Route } from '../../../src/kit/route.ts'
import type { FilledWorkspace } from './fill-workspace.ts'
import { bodies, ofFields, ofPaths, queries } from './places.ts'

const nobodys = '00000000-0000-7000-8000-000000000000'
const idField = /^(id|ids)$|[a-z](Id|Ids)$/

/** What stands in a route's path, each with the segment before it, as `places.ts` names it. */
export function placesIn({ path }: Pick<Route, 'path'>): { key: string; name: string }[] {
  const segments = path.split('/')
  return segments.flatMap((segment, at) => {
    if (!segment.startsWith(':')) return []
    const before = segments.slice(0, at).findLast((each) => !each.startsWith(':')) ?? ''
    return [{ key: `${before}/${segment}`, name: segment }]
  })
}

/** The path with ids of a workspace; what has no id of its own gets a name that could be one. */
export function pathOf(route: Route, { ids }: Pick<FilledWorkspace, 'ids'>): string {
  const path = placesIn(route).reduce((before, { key, name }) => {
    const of = ofPaths[key] ?? ''
    return before.replace(name, ids.get(of) ?? (of === 'within' ? '1' : nobodys))
  }, route.path)
  return `${path}${queries[`${route.method.toUpperCase()} ${route.path}`] ?? ''}`
}

/** A body that the route takes: of the table, or the plainest that its schema describes; undefined where it takes none. */
export function exampleBody(route: Route): unknown {
  const known = bodies[`${route.method.toUpperCase()} ${route.path}`]
  if (known !== undefined || !route.input?.body) return known
  const schema = schemaOf(route.input.body)
  return exampleOf(schema, schema.$defs ?? {})
}

/** The fields of a query or a body that name something by its id, as deep as the fields of its own fields. */
export function idFieldsOf(schema: z.ZodType | undefined): string[] {
  if (!schema) return []
  const found = new Set<string>()
  const visit = ({ properties = {}, items, anyOf = [], oneOf = [], allOf = [] }: Schema): void => {
    for (const [name, inner] of Object.entries(properties)) {
      if (idField.test(name)) found.add(name)
      visit(inner)
    }
    for (const inner of [...(items ? [items] : []), ...anyOf, ...oneOf, ...allOf]) visit(inner)
  }
  const whole = schemaOf(schema)
  for (const part of [whole, ...Object.values(whole.$defs ?? {})]) visit(part)
  return [...found]
}

/** Every field of a value that is called so, with a workspace's id in its place. */
export function withIds(value: unknown, field: string, { ids }: Pick<FilledWorkspace, 'ids'>): unknown {
  const id = ids.get(ofFields[field] ?? '')
  if (Array.isArray(value)) return value.map((each) => withIds(each, field, { ids }))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (name === field) return [name, field.endsWith('s') ? [id] : id]
      return [name, withIds(inner, field, { ids })]
    }),
  )
}

function schemaOf(schema: z.ZodType): Schema & { $defs?: Record<string, Schema> } {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema & {
    $defs?: Record<string, Schema>
  }
}
