import { z } from 'zod'
import type { Json, JsonObject } from '../../../src/model/json.ts'
import { renderTemplate } from '../../../src/model/template.ts'
import { CardFailure, defineCard, failed, next } from '../card.ts'

const assignment = z.object({
  target: z.enum(['attribute', 'variable']).default('attribute'),
  name: z.string().regex(/^[A-Za-z_]\w*$/, 'must be a name of letters, digits and _'),
  type: z.enum(['string', 'integer', 'float', 'boolean', 'date', 'json']).default('string'),
  value: z.union([z.string().max(4096), z.number(), z.boolean()]),
})
type Assignment = z.infer<typeof assignment>

export const setupAttribute = defineCard({
  type: 'setup-attribute',
  group: 'utility',
  label: 'Set attributes',
  icon: 'tag',
  settings: z.object({ assignments: z.array(assignment).min(1).max(50).meta({ title: 'Assignments' }) }),
  outlets: () => [next, failed],
  writes: ({ assignments }) =>
    assignments.flatMap(({ target, name, type }, at) =>
      target === 'attribute' ? [{ name, type, field: `assignments.${at}.name` }] : [],
    ),
  run: async (context, { assignments }) => {
    const contact = await context.loadContact()
    const attributes: JsonObject = {}
    for (const each of assignments) {
      const value = valueOf(each, { contact, vars: context.vars })
      if (each.target === 'variable') context.set(each.name, value)
      else attributes[each.name] = value
    }
    if (Object.keys(attributes).length > 0) await context.perform('setAttributes', { attributes: attributes })
    return next.id
  },
})

function valueOf(each: Assignment, scope: Record<string, unknown>): Json {
  const { value, missing } = renderTemplate(each.value, scope)
  if (missing.length > 0) throw new CardFailure('missing_variable', `${missing.join(', ')} has no value`)
  const typed = convert[each.type](value)
  if (typed === undefined) {
    throw new CardFailure('invalid_input', `"${String(value)}" is no ${each.type} (${each.name})`)
  }
  return typed
}

const convert: Record<Assignment['type'], (value: unknown) => Json | undefined> = {
  string: (value) => String(value),
  integer: (value) => (/^[+-]?\d+$/.test(String(value)) ? Number(value) : undefined),
  float: (value) => (value !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined),
  boolean: (value) => ({ true: true, false: false, yes: true, no: false })[String(value).toLowerCase()],
  date: (value) => (z.iso.date().safeParse(value).success ? String(value) : undefined),
  json: (value) => {
    try {
      return JSON.parse(String(value)) as Json
    } catch {
      return undefined
    }
  },
}
