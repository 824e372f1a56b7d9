import { isAboutNow } from '../model/condition-compare.ts'
import { after, before } from '../model/condition-period.ts'
import type { Leaf } from '../model/condition-schema.ts'
import { foldText, instantOf, numberOf, scalarText, type Operand } from '../model/condition-values.ts'
import type { SqlValue } from './contact-fields.ts'
import { always, instantSql, joined, negated, never, sql, type Fragment } from './fragment.ts'

/** The same verdicts as `compare` of src/model/condition-compare.ts; null counts as no. */
export function compileCompare(
  leaf: Leaf<'compare'>,
  found: SqlValue | undefined,
  nowMs: number,
  zone: Fragment,
): Fragment {
  const value = found ?? { text: sql`null::text` }
  return isAboutNow(leaf.operator)
    ? compareWithNow(leaf, value, nowMs, zone)
    : operators[leaf.operator](value, leaf.value)
}

type PlainOperator = Exclude<
  Leaf<'compare'>['operator'],
  'within-last' | 'more-than-ago' | 'within-next' | 'is-today' | 'anniversary'
>

const operators: Record<PlainOperator, (found: SqlValue, value: Operand) => Fragment> = {
  equals: (found, value) => isSame(found, value),
  'not-equals': (found, value) => negated(isSame(found, value)),
  contains: (found, value) => contains(found, value),
  'not-contains': (found, value) => negated(contains(found, value)),
  'starts-with': (found, value) => onTexts(found, value, (text, part) => sql`starts_with(${text}, ${part})`),
  'ends-with': (found, value) =>
    onTexts(found, value, (text, part) => sql`right(${text}, length(${part})) = ${part}`),
  in: (found, value) => isOneOf(found, value),
  'not-in': (found, value) => negated(isOneOf(found, value)),
  greater: (found, value) => onNumbers(found, value, (a, b) => sql`${a} > ${b}`),
  'greater-or-equal': (found, value) => onNumbers(found, value, (a, b) => sql`${a} >= ${b}`),
  less: (found, value) => onNumbers(found, value, (a, b) => sql`${a} < ${b}`),
  'less-or-equal': (found, value) => onNumbers(found, value, (a, b) => sql`${a} <= ${b}`),
  exists: (found) => isPresent(found),
  'not-exists': (found) => negated(isPresent(found)),
  before: (found, value) => onInstants(found, value, (a, b) => sql`${a} < ${b}`),
  after: (found, value) => onInstants(found, value, (a, b) => sql`${a} > ${b}`),
}

function isPresent({ text }: SqlValue): Fragment {
  return sql`${text} <> ''`
}

function isSame(found: SqlValue, value: Operand): Fragment {
  const text = scalarText(value)
  if (text === undefined) return never
  const number = numberOf(value)
  const { json } = found
  if (typeof value === 'number') return onNumbers(found, value, (a, b) => sql`${a} = ${b}`)
  const folded = foldText(text)
  const same = sql`(${mayBeOneOf(found, [folded])} and folded(${found.text}) = ${folded}::text)`
  if (!json) return folded === '' ? sql`(${isPresent(found)} and ${same})` : same
  if (!Number.isNaN(number)) {
    return sql`case jsonb_typeof(${json}) when 'number' then ${json} = ${JSON.stringify(number)}::jsonb
      when 'string' then ${same} when 'boolean' then ${same} end`
  }
  if (isTextOnly(folded)) return same
  return sql`(jsonb_typeof(${json}) = 'string' and ${isPresent(found)} and ${same})`
}

function isOneOf(found: SqlValue, value: Operand): Fragment {
  if (!Array.isArray(value) || value.length === 0) return never
  const words = [...new Set(value.filter((each) => isPlainWord(each)).map((each) => foldText(String(each))))]
  const others = value.filter((each) => !isPlainWord(each)).map((each) => isSame(found, each))
  if (words.length === 0) return sql`(${joined(others, ' or ')})`
  const list = joined(
    words.map((word) => sql`${word}::text`),
    ', ',
  )
  const isWord = sql`(${mayBeOneOf(found, words)} and folded(${found.text}) in (${list}))`
  return sql`(${joined([isWord, ...others], ' or ')})`
}

const asciiCodes = Array.from({ length: 128 }, (_, code) => code)

/**
 * Folding a text takes longer than looking at its first sign, which tells most texts apart: a sign of ASCII stays what it is but
 * for its case, unless it is a space or becomes another one together with the accent behind it.
 */
function mayBeOneOf({ text, isLookedUp }: SqlValue, words: string[]): Fragment {
  const firsts = words.map((word) => word.charCodeAt(0))
  if (isLookedUp || !firsts.every((code) => code > 0x20 && code < 0x80)) return always
  const others = asciiCodes.filter(
    (code) => !/\s/.test(String.fromCharCode(code)) && !firsts.includes(lowerCode(code)),
  )
  return sql`ascii(${text}) <> all (${`{${others.join(',')}}`}::int[])`
}

function lowerCode(code: number): number {
  return String.fromCharCode(code).toLowerCase().charCodeAt(0)
}

/** What is found is this word only if it is this text. */
function isPlainWord(value: string | number): boolean {
  return typeof value === 'string' && Number.isNaN(numberOf(value)) && isTextOnly(foldText(value))
}

/** Structures and numbers, written out, never read like this: １２ is no number, but it is folded into one. */
function isTextOnly(folded: string): boolean {
  return !/^([[{]|-?\d+(\.\d+)?$|$)/.test(folded)
}

/** @param compareTexts is given the folded text found and the folded text asked for. */
function onTexts(
  found: SqlValue,
  value: Operand,
  compareTexts: (text: Fragment, part: Fragment) => Fragment,
): Fragment {
  const text = scalarText(value)
  if (text === undefined) return never
  const part = foldText(text)
  const { json } = found
  const structure = json && sql`jsonb_typeof(${json}) in ('array', 'object')`
  if (part === '') return structure ? sql`(${structure}) is not true` : always
  const holds = compareTexts(textSql(found), sql`${part}::text`)
  return structure ? sql`case when ${structure} then false else ${holds} end` : holds
}

function contains(found: SqlValue, value: Operand): Fragment {
  const inText = onTexts(found, value, (text, part) => sql`strpos(${text}, ${part}) > 0`)
  if (!found.json) return inText
  const element: SqlValue = { json: sql`each.value`, text: sql`(each.value #>> '{}')` }
  return sql`case when jsonb_typeof(${found.json}) = 'array'
    then exists (select 1 from jsonb_array_elements(${found.json}) as each(value) where ${isSame(element, value)})
    else ${inText} end`
}

/** The folded text of a scalar, numbers written as JavaScript writes them. */
function textSql({ text, json }: SqlValue): Fragment {
  if (!json) return sql`folded(${text})`
  return sql`case when jsonb_typeof(${json}) = 'number' then number_text(${json}) else folded(${text}) end`
}

/** Numbers are compared as JSON: PostgreSQL makes other numbers of them by way of text. */
function onNumbers(
  { text, json }: SqlValue,
  value: Operand,
  compareNumbers: (found: Fragment, value: Fragment) => Fragment,
): Fragment {
  const number = numberOf(value)
  if (Number.isNaN(number)) return never
  const asked = sql`${number}::float8`
  const inText = compareNumbers(sql`number_of(${text})`, asked)
  if (!json) return inText
  return sql`case jsonb_typeof(${json}) when 'number' then ${compareNumbers(json, sql`${JSON.stringify(number)}::jsonb`)}
    when 'string' then ${inText} when 'boolean' then ${compareNumbers(sql`${json}::boolean::int::float8`, asked)} end`
}

function onInstants(
  found: SqlValue,
  value: Operand,
  compareInstants: (found: Fragment, value: Fragment) => Fragment,
): Fragment {
  const atMs = instantOf(value)
  return Number.isNaN(atMs) ? never : compareInstants(instantOfValue(found), instantSql(atMs))
}

function instantOfValue({ text, instant }: SqlValue): Fragment {
  return instant ?? sql`instant_of(${text})`
}

function compareWithNow(
  { operator, period, offsetDays = 0 }: Leaf<'compare'>,
  found: SqlValue,
  nowMs: number,
  zone: Fragment,
): Fragment {
  const today = sql`local_time(${instantSql(nowMs)}, ${zone})::date`
  const day = sql`local_day(${found.text}, ${zone})`
  if (operator === 'is-today') return sql`${day} = ${today}`
  if (operator === 'anniversary') return sql`is_anniversary(${day}, ${today} + ${offsetDays}::int)`
  if (!period) return never
  const at = instantOfValue(found)
  const [now, past, future] = [nowMs, before(nowMs, period), after(nowMs, period)].map(instantSql) as [
    Fragment,
    Fragment,
    Fragment,
  ]
  if (operator === 'within-last') return sql`${at} between ${past} and ${now}`
  return operator === 'within-next' ? sql`${at} between ${now} and ${future}` : sql`${at} < ${past}`
}
