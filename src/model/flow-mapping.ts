import { z } from 'zod'
import { historyProblems } from './condition-problems.ts'
import { conditionSchema, evaluateCondition } from './conditions.ts'
import type { FieldError } from './errors.ts'
import { successScreen } from './flow-json.ts'
import type { Json, JsonObject } from './json.ts'
import { readPath } from './json.ts'
import { listPlaceholders, renderTemplate } from './template.ts'

const screenId = z.string().regex(/^[A-Za-z_]{1,80}$/, 'must be the id of a screen')
const values = z.record(z.string().min(1).max(100), z.json())

/**
 * What our endpoint answers to a Flow, without code: the first screen, what each screen is shown with, and where its answers
 * lead. Texts may hold placeholders: `{{contact.…}}` and `{{form.…}}` (what the screen sent). One that is a whole text by
 * itself keeps its type, so that a list in an attribute can fill a drop-down.
 */
export const flowMappingSchema = z
  .strictObject({
    start: screenId,
    screens: z.record(
      screenId,
      z.strictObject({
        data: values.default({}).meta({ description: 'what the screen is shown with' }),
        next: z
          .array(
            z.strictObject({
              when: conditionSchema.optional().meta({ description: 'over contact.… and vars.form.…' }),
              screen: screenId.meta({ description: `a screen, or ${successScreen}: the Flow is done` }),
              data: values.default({}).meta({ description: "added to the screen's data, or to the answers" }),
            }),
          )
          .max(50)
          .default([]),
        error: z
          .string()
          .min(1)
          .max(300)
          .optional()
          .meta({ description: 'shown when nothing of `next` holds' }),
      }),
    ),
  })
  .meta({ id: 'FlowMapping' })
export type FlowMapping = z.infer<typeof flowMappingSchema>

/** What a phone asks, decrypted. */
export interface FlowExchange {
  action: string
  screen: string | undefined
  data: JsonObject
  token: string
}
export interface FlowScope {
  contact: Record<string, unknown>
  nowMs: number
}

/** The screen to show next, with its data, in the shape that WhatsApp wants. */
export function answerExchange(
  mapping: FlowMapping,
  asked: FlowExchange,
  { contact, nowMs }: FlowScope,
): JsonObject {
  const { action, screen = mapping.start, data: form, token } = asked
  const scope = { contact, form, vars: { form } }
  if (action === 'INIT') return show(mapping, mapping.start, {}, scope)
  // The phone goes back by itself and asks for fresh data of the screen it goes to.
  if (action === 'BACK') return show(mapping, screen, {}, scope)
  const place = Object.hasOwn(mapping.screens, screen) ? mapping.screens[screen] : undefined
  const way = place?.next.find(
    ({ when }) => !when || evaluateCondition(when, { contact, vars: scope.vars, nowMs }),
  )
  if (!way) return show(mapping, screen, { error_message: place?.error ?? noWay }, scope)
  if (way.screen !== successScreen) return show(mapping, way.screen, fill(way.data, scope), scope)
  const params = { ...form, ...fill(way.data, scope), flow_token: token }
  return { screen: successScreen, data: { extension_message_response: { params } } }
}

const noWay = 'This answer cannot be taken. Please check it and try again.'

function show(
  mapping: FlowMapping,
  screen: string,
  extra: JsonObject,
  scope: Record<string, unknown>,
): JsonObject {
  const own = Object.hasOwn(mapping.screens, screen) ? mapping.screens[screen]?.data : undefined
  return { screen, data: { ...fill(own ?? {}, scope), ...extra } }
}

function fill(value: JsonObject, scope: Record<string, unknown>): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, fillValue(child, scope)]))
}

function fillValue(value: Json, scope: Record<string, unknown>): Json {
  if (Array.isArray(value)) return value.map((child) => fillValue(child, scope))
  if (value !== null && typeof value === 'object') return fill(value, scope)
  if (typeof value !== 'string') return value
  const [only, ...others] = listPlaceholders(value)
  const isWhole = only && others.length === 0 && /^\{\{[^{}]*\}\}$/.test(value.trim())
  if (isWhole) return readPath(scope, only.path) ?? only.fallback ?? ''
  return renderTemplate(value, scope).value
}

/** Screens that a mapping names and the Flow has not, and conditions that cannot be judged here, as `[field, message]`. */
export function checkMapping(mapping: FlowMapping, screens: string[]): [field: string, message: string][] {
  const known = new Set([...screens, successScreen])
  const problem = (field: string, id: string): [string, string][] =>
    known.has(id) ? [] : [[field, `the Flow has no screen "${id}"`]]
  return [
    ...(mapping.start === successScreen
      ? [['start', 'must be a screen'] as [string, string]]
      : problem('start', mapping.start)),
    ...Object.entries(mapping.screens).flatMap(([id, { next }]) => [
      ...problem(`screens.${id}`, id),
      ...next.flatMap((way, at) => problem(`screens.${id}.next.${at}.screen`, way.screen)),
      ...next.flatMap(({ when }, at) =>
        when ? historyProblems(when, `screens.${id}.next.${at}.when`).map(toPair) : [],
      ),
    ]),
  ]
}

function toPair({ field, message }: FieldError): [string, string] {
  return [field, message]
}
