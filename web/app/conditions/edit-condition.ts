import type { Leaf } from '../../../src/model/condition-schema.ts'
import type { Condition, EventCondition } from '../../../src/model/conditions.ts'

export type Group = Extract<Condition, { conditions: Condition[] }>
export type Compare = Leaf<'compare'>
export type Operator = Compare['operator']
export type Part = Leaf | EventCondition

/** What the builder can make; the model has more kinds, which it keeps as they are. */
export const partKinds = {
  compare: 'Attribute',
  tag: 'Tag',
  event: 'Event',
  segment: 'Segment',
  consent: 'Consent',
  'last-seen': 'Last seen',
  window: '24-hour window',
  spam: 'Spam',
} as const
export type PartKind = keyof typeof partKinds

const starts: Record<PartKind, Part> = {
  compare: { kind: 'compare', path: 'contact.name', operator: 'contains', value: '' },
  tag: { kind: 'tag', tag: '', has: true },
  event: { kind: 'event', event: '', performed: true, count: { operator: 'at-least', times: 1 } },
  segment: { kind: 'segment', segmentId: '', member: true },
  consent: { kind: 'consent', category: 'marketing', state: 'opted_in' },
  'last-seen': { kind: 'last-seen', operator: 'within', period: { amount: 30, unit: 'days' } },
  window: { kind: 'window', open: true },
  spam: { kind: 'spam', is: false },
}

/** A variable of a journey, compared with something. */
export function startVariable(): Part {
  return { kind: 'compare', path: 'vars.', operator: 'equals', value: '' }
}

export function isAboutContact({ path }: Compare): boolean {
  return path.startsWith('contact.')
}

export function startPart(kind: PartKind): Part {
  return structuredClone(starts[kind])
}

export function isGroup(condition: Condition): condition is Group {
  return condition.kind === 'and' || condition.kind === 'or'
}

/** As a group, which the builder begins with. */
export function asGroup(condition: Condition | null | undefined): Group {
  if (!condition) return { kind: 'and', conditions: [] }
  return isGroup(condition) ? condition : { kind: 'and', conditions: [condition] }
}

/** The condition without what is not filled in yet; undefined when nothing is. */
export function completed(condition: Condition): Condition | undefined {
  if (isGroup(condition)) {
    const conditions = condition.conditions.flatMap((child) => completed(child) ?? [])
    return conditions.length > 0 ? { ...condition, conditions } : undefined
  }
  return isFilledIn(condition) ? condition : undefined
}

export function isComplete(condition: Condition): boolean {
  if (isGroup(condition)) return condition.conditions.length > 0 && condition.conditions.every(isComplete)
  return isFilledIn(condition)
}

function isFilledIn(part: Condition): boolean {
  switch (part.kind) {
    case 'compare':
      return !part.path.endsWith('.') && (operandOf(part.operator) === 'none' || isGiven(part))
    case 'tag':
      return part.tag.trim() !== ''
    case 'event':
      return part.event !== ''
    case 'segment':
      return part.segmentId !== ''
    default:
      return true
  }
}

function isGiven({ operator, value, period }: Compare): boolean {
  if (operandOf(operator) === 'period') return period !== undefined
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== ''
}

const text = {
  contains: 'contains',
  'not-contains': 'does not contain',
  equals: 'is',
  'not-equals': 'is not',
  'starts-with': 'starts with',
  'ends-with': 'ends with',
  in: 'is one of',
  'not-in': 'is none of',
} as const
const number = {
  equals: '=',
  'not-equals': '≠',
  greater: '>',
  'greater-or-equal': '≥',
  less: '<',
  'less-or-equal': '≤',
} as const
const date = {
  before: 'is before',
  after: 'is after',
  'within-last': 'is within the last',
  'more-than-ago': 'is longer ago than',
  'within-next': 'is within the next',
  'is-today': 'is today',
  anniversary: 'has its anniversary today',
} as const
const presence = { exists: 'has a value', 'not-exists': 'has no value' } as const

const byType: Record<string, Partial<Record<Operator, string>>> = {
  integer: number,
  float: number,
  boolean: { equals: 'is' },
  list: { contains: 'contains', 'not-contains': 'does not contain' },
  date,
  datetime: date,
  uuid: { equals: 'is', 'not-equals': 'is not' },
  json: {},
}

/** The operators that make sense for a type of attribute, in words. */
export function operatorsFor(type: string): { value: Operator; label: string }[] {
  const words = { ...(byType[type] ?? text), ...presence }
  return Object.entries(words).map(([value, label]) => ({ value: value as Operator, label }))
}

/** What a variable holds is not declared: every comparison is offered, and the operand asked for as it needs it. */
export const anyOperators: { value: string; label: string }[] = Object.entries({
  ...number,
  ...date,
  ...text,
  ...presence,
}).map(([value, label]) => ({ value, label }))

export function operandTypeOf(operator: Operator): string {
  if (operator === 'before' || operator === 'after') return 'date'
  return ['greater', 'greater-or-equal', 'less', 'less-or-equal'].includes(operator) ? 'float' : 'string'
}

/** What stands to the right of an operator. */
export function operandOf(operator: Operator): 'none' | 'period' | 'list' | 'value' {
  if (['exists', 'not-exists', 'is-today', 'anniversary'].includes(operator)) return 'none'
  if (['within-last', 'more-than-ago', 'within-next'].includes(operator)) return 'period'
  return operator === 'in' || operator === 'not-in' ? 'list' : 'value'
}

/** The same comparison by another attribute or operator: of the operand is kept what fits. */
export function withOperator({ path, value, period }: Compare, operator: Operator): Compare {
  const part: Compare = { kind: 'compare', path, operator }
  const operand = operandOf(operator)
  if (operand === 'period') return { ...part, period: period ?? { amount: 30, unit: 'days' } }
  if (operand === 'list') return { ...part, value: Array.isArray(value) ? value : [] }
  return operand === 'value' ? { ...part, value: Array.isArray(value) ? '' : (value ?? '') } : part
}
