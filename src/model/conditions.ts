import { z } from 'zod'
import { readPath, toText, type Json } from './json.ts'
import { localClock, weekdays } from './schedule.ts'

const comparison = z.object({
  kind: z.literal('compare'),
  /** `contact.first_name`, `contact.attributes.city`, `vars.answer`, `event.amount`, `reply.text`. */
  path: z
    .string()
    .regex(/^(contact|vars|event|reply)\.[\w.-]+$/, 'must begin with contact., vars., event. or reply.'),
  operator: z.enum([
    'equals',
    'not-equals',
    'contains',
    'not-contains',
    'starts-with',
    'ends-with',
    'in',
    'not-in',
    'greater',
    'greater-or-equal',
    'less',
    'less-or-equal',
    'exists',
    'not-exists',
    'before',
    'after',
  ]),
  value: z
    .union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))])
    .optional(),
})
const tagged = z.object({ kind: z.literal('tag'), tag: z.string().min(1), has: z.boolean().default(true) })
const clock = z.object({
  kind: z.literal('local-time'),
  from: z.string().regex(/^\d\d:\d\d$/),
  to: z.string().regex(/^\d\d:\d\d$/),
  weekdays: z
    .array(z.enum(weekdays))
    .min(1)
    .default([...weekdays]),
})

export type Condition =
  | z.infer<typeof comparison>
  | z.infer<typeof tagged>
  | z.infer<typeof clock>
  | { kind: 'and' | 'or'; conditions: Condition[] }
  | { kind: 'not'; condition: Condition }

/** The one condition model: cards, triggers and segments all use it. */
export const conditionSchema: z.ZodType<Condition, unknown> = z
  .lazy(() =>
    z.discriminatedUnion('kind', [
      comparison,
      tagged,
      clock,
      z.object({ kind: z.enum(['and', 'or']), conditions: z.array(conditionSchema).min(1).max(50) }),
      z.object({ kind: z.literal('not'), condition: conditionSchema }),
    ]),
  )
  .meta({ id: 'Condition' })

/** What a condition looks at. */
export interface ConditionScope {
  contact: Record<string, unknown>
  vars: Record<string, unknown>
  event?: Record<string, unknown> | undefined
  reply?: Record<string, unknown> | undefined
  nowMs: number
}

export function evaluateCondition(condition: Condition, scope: ConditionScope): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.conditions.every((child) => evaluateCondition(child, scope))
    case 'or':
      return condition.conditions.some((child) => evaluateCondition(child, scope))
    case 'not':
      return !evaluateCondition(condition.condition, scope)
    case 'tag':
      return hasTag(scope.contact['tags'], condition.tag) === condition.has
    case 'local-time':
      return isWithinHours(condition, scope)
    case 'compare':
      return compare(condition.operator, readPath(scope, condition.path), condition.value)
  }
}

function hasTag(tags: unknown, tag: string): boolean {
  return Array.isArray(tags) && tags.some((each) => fold(each) === fold(tag))
}

function isWithinHours(condition: z.infer<typeof clock>, scope: ConditionScope): boolean {
  const { time, weekday } = localClock(scope.nowMs, scope.contact['time_zone'] as string | undefined)
  if (!condition.weekdays.some((day) => day === weekday)) return false
  const overnight = condition.from > condition.to
  return overnight
    ? time >= condition.from || time < condition.to
    : time >= condition.from && time < condition.to
}

type Operator = z.infer<typeof comparison>['operator']
type Operand = z.infer<typeof comparison>['value']

const operators: Record<Operator, (found: Json | undefined, value: Operand) => boolean> = {
  equals: (found, value) => isSame(found, value),
  'not-equals': (found, value) => !isSame(found, value),
  contains: (found, value) =>
    Array.isArray(found) ? found.some((each) => isSame(each, value)) : fold(found).includes(fold(value)),
  'not-contains': (found, value) => !operators.contains(found, value),
  'starts-with': (found, value) => fold(found).startsWith(fold(value)),
  'ends-with': (found, value) => fold(found).endsWith(fold(value)),
  in: (found, value) => Array.isArray(value) && value.some((each) => isSame(found, each)),
  'not-in': (found, value) => !operators.in(found, value),
  greater: (found, value) => order(found, value) > 0,
  'greater-or-equal': (found, value) => order(found, value) >= 0,
  less: (found, value) => order(found, value) < 0,
  'less-or-equal': (found, value) => order(found, value) <= 0,
  exists: (found) => isPresent(found),
  'not-exists': (found) => !isPresent(found),
  before: (found, value) => instant(found) < instant(value),
  after: (found, value) => instant(found) > instant(value),
}

function compare(operator: Operator, found: Json | undefined, value: Operand): boolean {
  return operators[operator](found, value)
}

function isPresent(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== ''
}

/** Numbers compare as numbers even when they came as text; words without regard to case. */
function isSame(found: Json | undefined, value: unknown): boolean {
  if (!isPresent(found)) return false
  if (typeof found === 'number' || typeof value === 'number') return Number(found) === Number(value)
  return fold(found) === fold(value)
}

/** NaN, which no comparison accepts, when either side is no number. */
function order(found: Json | undefined, value: unknown): number {
  return isPresent(found) ? Number(found) - Number(value) : Number.NaN
}

function fold(value: unknown): string {
  return toText(value).normalize('NFKC').trim().toLowerCase()
}

/** NaN for what is no date, which no comparison accepts. */
function instant(value: unknown): number {
  return Date.parse(toText(value))
}
