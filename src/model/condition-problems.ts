import type { Leaf } from './condition-schema.ts'
import { instantOf, numberOf } from './condition-values.ts'
import type { Condition, EventCondition } from './conditions.ts'
import type { FieldError } from './errors.ts'

/** Kinds that look at what lies behind a contact. */
const ofHistory = [
  'event',
  'segment',
  'journey',
  'campaign',
  'last-seen',
  'last-message',
  'window',
  'consent',
] as const

/** Its verdict needs more than the contact's own row. */
export function needsHistory(condition: Condition): boolean {
  return listLeaves(condition, '').some(({ leaf }) => (ofHistory as readonly string[]).includes(leaf.kind))
}

/** Where no history is loaded, as in a Flow's screens, conditions that need it would have nothing to look at. */
export function historyProblems(condition: Condition, field: string): FieldError[] {
  return listLeaves(condition, field).flatMap(({ leaf, field: at }) =>
    needsHistory(leaf)
      ? [
          {
            field: at,
            message: `conditions on ${words(leaf)} work in segments only: make a segment and let it start the journey`,
          },
        ]
      : [],
  )
}

function words({ kind }: Leaf | EventCondition): string {
  if (kind === 'event') return 'past events'
  if (kind === 'last-seen') return 'when somebody was last seen'
  if (kind === 'last-message') return 'the last message'
  if (kind === 'window') return 'the 24-hour window'
  return kind === 'segment' || kind === 'journey' || kind === 'campaign' ? `${kind}s` : kind
}

/**
 * What is wrong with a condition of a journey: there it may look at variables, the event and the answer too, and compare
 * them with what a text will say.
 */
export function journeyProblems(condition: Condition, field: string): FieldError[] {
  return listLeaves(condition, field).flatMap(({ leaf, field: at }) => {
    if (leaf.kind !== 'compare') return leafProblems(leaf, at, 'contact')
    return isFilled(leaf.value) ? [] : compareProblems(leaf, at)
  })
}

function isFilled(value: Leaf<'compare'>['value']): boolean {
  return [value].flat().some((each) => typeof each === 'string' && each.includes('{{'))
}

/** What a segment's condition lacks, and what it cannot mean there. Field paths begin with `field`. */
export function segmentProblems(condition: Condition, field: string): FieldError[] {
  return listLeaves(condition, field).flatMap(({ leaf, field: at }) => leafProblems(leaf, at, 'contact'))
}

/** The leaves with their JSON paths. */
export function listLeaves(
  condition: Condition,
  field: string,
): { leaf: Leaf | EventCondition; field: string }[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.conditions.flatMap((child, at) => listLeaves(child, `${field}.conditions.${at}`))
    case 'not':
      return listLeaves(condition.condition, `${field}.condition`)
    default:
      return [{ leaf: condition, field }]
  }
}

function leafProblems(leaf: Leaf | EventCondition, field: string, root: 'contact' | 'event'): FieldError[] {
  const problem = (name: string, message: string) => [{ field: `${field}.${name}`, message }]
  if (root === 'event' && leaf.kind !== 'compare')
    return problem('kind', 'of an event only its attributes can be compared')
  switch (leaf.kind) {
    case 'compare':
      return leaf.path.startsWith(`${root}.`)
        ? compareProblems(leaf, field)
        : problem('path', `must begin with ${root}.`)
    case 'event':
      return eventProblems(leaf, field)
    case 'last-seen':
      return leaf.operator === 'never' || leaf.period ? [] : problem('period', 'is required')
    case 'bucket':
      return leaf.from < leaf.to ? [] : problem('to', 'must be more than from')
    case 'local-time':
      return [leaf.from, leaf.to].every((time) => /^([01]\d|2[0-3]):[0-5]\d$/.test(time))
        ? []
        : problem('from', 'must be a time like 09:30, and so must to')
    default:
      return []
  }
}

function eventProblems({ where, window }: EventCondition, field: string): FieldError[] {
  const inside = where
    ? listLeaves(where, `${field}.where`).flatMap(({ leaf, field: at }) => leafProblems(leaf, at, 'event'))
    : []
  if (!window || 'last' in window) return inside
  const { from, to } = window
  const isBackwards = from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to)
  return isBackwards ? [...inside, { field: `${field}.window.to`, message: 'must be after from' }] : inside
}

function compareProblems({ operator, value, period }: Leaf<'compare'>, field: string): FieldError[] {
  const problem = (name: string, message: string) => [{ field: `${field}.${name}`, message }]
  switch (operator) {
    case 'exists':
    case 'not-exists':
    case 'is-today':
    case 'anniversary':
      return []
    case 'within-last':
    case 'more-than-ago':
    case 'within-next':
      return period ? [] : problem('period', 'is required')
    case 'in':
    case 'not-in':
      return Array.isArray(value) && value.length > 0 ? [] : problem('value', 'must be a list of values')
    case 'greater':
    case 'greater-or-equal':
    case 'less':
    case 'less-or-equal':
      return Number.isNaN(numberOf(value)) ? problem('value', 'must be a number') : []
    case 'before':
    case 'after':
      return Number.isNaN(instantOf(value))
        ? problem('value', 'must be a date like 2026-11-21 or a time like 2026-11-21T09:30:00Z')
        : []
    default:
      if (value === undefined || value === '') return problem('value', 'is required')
      return Array.isArray(value) ? problem('value', 'must be one value, not a list') : []
  }
}
