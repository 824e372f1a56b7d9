import { z } from 'zod'
import { eventOf } from '../../../src/model/conditions.ts'
import { evaluateFormula, formulaProblem } from '../../../src/model/formula.ts'
import { toText, type Json, type JsonObject } from '../../../src/model/json.ts'
import type { Reply } from '../../../src/model/reply.ts'
import { renderTemplate, textScope } from '../../../src/model/template.ts'
import { CardFailure, defineCard, failed, next } from '../card.ts'
import { variableName } from '../message-parts.ts'

const assignment = z.object({
  target: z.enum(['attribute', 'variable']).default('attribute'),
  name: variableName,
  type: z.enum(['string', 'integer', 'float', 'boolean', 'date', 'json']).default('string'),
  /** A formula computes its value, like `contact.points * 2`; a text is filled in. */
  kind: z.enum(['text', 'formula']).default('text'),
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
  check: ({ assignments }) =>
    assignments.flatMap(({ kind, value }, at): [string, string][] => {
      const problem = kind === 'formula' ? formulaProblem(String(value)) : undefined
      return problem === undefined ? [] : [[`assignments.${at}.value`, problem]]
    }),
  run: async (context, { assignments }) => {
    const contact = context.contactId === undefined ? {} : await context.loadContact()
    const attributes: JsonObject = {}
    for (const each of assignments) {
      const scope = { contact, vars: context.vars, nowMs: context.now() }
      const value = each.kind === 'formula' ? computed(each, scope, context.lastReply) : filledIn(each, scope)
      if (each.target === 'variable') context.set(each.name, value)
      else attributes[each.name] = value
    }
    if (Object.keys(attributes).length > 0) await context.perform('setAttributes', { attributes: attributes })
    return next.id
  },
})

type Scope = Parameters<typeof textScope>[0]

function filledIn(each: Assignment, scope: Scope): Json {
  const { value, missing } = renderTemplate(each.value, textScope(scope))
  if (missing.length > 0) throw new CardFailure('missing_variable', `${missing.join(', ')} has no value`)
  return typed(each, value)
}

function computed(each: Assignment, scope: Scope, lastReply: Reply | undefined): Json {
  const result = evaluateFormula(String(each.value), {
    ...scope,
    event: eventOf(scope.vars),
    reply: lastReply,
  })
  if (result.problem !== undefined)
    throw new CardFailure('invalid_formula', `${each.name}: ${result.problem}`)
  return typed(each, result.value)
}

function typed(each: Assignment, value: Json): Json {
  const result = convert[each.type](value)
  if (result === undefined) {
    throw new CardFailure('invalid_input', `"${toText(value)}" is no ${each.type} (${each.name})`)
  }
  return result
}

const convert: Record<Assignment['type'], (value: Json) => Json | undefined> = {
  string: toText,
  // Digits beyond what a number holds would become others: an order's number is a text.
  integer: (value) =>
    /^[+-]?\d+$/.test(toText(value)) && Number.isSafeInteger(Number(value)) ? Number(value) : undefined,
  float: (value) => (value !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined),
  boolean: (value) => ({ true: true, false: false, yes: true, no: false })[toText(value).toLowerCase()],
  date: (value) => (z.iso.date().safeParse(value).success ? toText(value) : undefined),
  json: (value) => {
    if (typeof value !== 'string') return value
    try {
      return JSON.parse(value) as Json
    } catch {
      return undefined
    }
  },
}
