import type { Leaf } from './condition-schema.ts'
import {
  dayAt,
  foldText,
  instantOf,
  isAnniversary,
  localDay,
  numberOf,
  scalarText,
  type Operand,
} from './condition-values.ts'
import { after, before } from './condition-period.ts'
import type { Json } from './json.ts'
import { validZone } from './schedule.ts'

/** Judges a value. What cannot be compared does not hold, and then its `not-` operator does. */
export function compare(
  leaf: Leaf<'compare'>,
  found: Json | undefined,
  nowMs: number,
  zone: string | undefined,
): boolean {
  return isAboutNow(leaf.operator)
    ? compareWithNow(leaf, found, nowMs, zone)
    : operators[leaf.operator](found, leaf.value)
}

type Operator = Leaf<'compare'>['operator']
type RelativeOperator = 'within-last' | 'more-than-ago' | 'within-next' | 'is-today' | 'anniversary'
type PlainOperator = Exclude<Operator, RelativeOperator>

const operators: Record<PlainOperator, (found: Json | undefined, value: Operand) => boolean> = {
  equals: (found, value) => isSame(found, value),
  'not-equals': (found, value) => !isSame(found, value),
  contains: (found, value) =>
    Array.isArray(found)
      ? found.some((each) => isSame(each, value))
      : onTexts(found, value, (text, part) => text.includes(part)),
  'not-contains': (found, value) => !operators.contains(found, value),
  'starts-with': (found, value) => onTexts(found, value, (text, part) => text.startsWith(part)),
  'ends-with': (found, value) => onTexts(found, value, (text, part) => text.endsWith(part)),
  in: (found, value) => Array.isArray(value) && value.some((each) => isSame(found, each)),
  'not-in': (found, value) => !operators.in(found, value),
  greater: (found, value) => numberOf(found) > numberOf(value),
  'greater-or-equal': (found, value) => numberOf(found) >= numberOf(value),
  less: (found, value) => numberOf(found) < numberOf(value),
  'less-or-equal': (found, value) => numberOf(found) <= numberOf(value),
  exists: (found) => isPresent(found),
  'not-exists': (found) => !isPresent(found),
  before: (found, value) => instantOf(found) < instantOf(value),
  after: (found, value) => instantOf(found) > instantOf(value),
}

function isPresent(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== ''
}

/** Numbers compare as numbers even when they came as text; words without regard to case. */
function isSame(found: Json | undefined, value: Operand): boolean {
  if (!isPresent(found)) return false
  if (typeof found === 'number' || typeof value === 'number') return numberOf(found) === numberOf(value)
  return onTexts(found, value, (text, other) => text === other)
}

/** Lists and objects are no texts: nothing holds of them. */
function onTexts(
  found: Json | undefined,
  value: Operand,
  holds: (text: string, value: string) => boolean,
): boolean {
  const [text, other] = [scalarText(found), scalarText(value)]
  return text !== undefined && other !== undefined && holds(foldText(text), foldText(other))
}

export function isAboutNow(operator: Operator): operator is RelativeOperator {
  return ['within-last', 'more-than-ago', 'within-next', 'is-today', 'anniversary'].includes(operator)
}

function compareWithNow(
  { operator, period, offsetDays = 0 }: Leaf<'compare'>,
  found: Json | undefined,
  nowMs: number,
  zone: string | undefined,
): boolean {
  if (operator === 'is-today' || operator === 'anniversary') {
    const here = validZone(zone) ?? 'UTC'
    const day = localDay(found, here)
    const today = dayAt(nowMs, here)
    if (!day) return false
    return operator === 'is-today' ? day.equals(today) : isAnniversary(day, today.add({ days: offsetDays }))
  }
  const atMs = instantOf(found)
  if (!period) return false
  if (operator === 'within-next') return atMs >= nowMs && atMs <= after(nowMs, period)
  const sinceMs = before(nowMs, period)
  return operator === 'within-last' ? atMs >= sinceMs && atMs <= nowMs : atMs < sinceMs
}
