import type { Context } from 'liquidjs'
import { numberOf } from './condition-values.ts'
import { toText } from './json.ts'
import { remember } from './remember.ts'
import { dateFormatProblem, formatDate, languageTag } from './text-dates.ts'

/** What a filter may look at beside its value: the contact's zone and language are its habits. */
interface Habits {
  zone: string | undefined
  language: string
}
interface Filter {
  /** Undefined when nothing can be made of the value: then a fallback steps in. */
  apply(value: unknown, args: unknown[], habits: Habits): unknown
  /** How few and how many arguments it takes. */
  takes: [least: number, most: number]
  /** What is wrong with arguments that are written out. */
  check?(args: unknown[]): string | undefined
}

/** Longer texts no message takes; a filter that would make one gives nothing. */
const maximumLength = 16_384

const isNothing = (value: unknown) => value === undefined || value === null || value === ''

const text =
  (change: (text: string, args: string[]) => string | undefined) => (value: unknown, args: unknown[]) => {
    if (isNothing(value) || args.some((arg) => arg === undefined || arg === null)) return undefined
    const changed = change(toText(value), args.map(toText))
    return changed !== undefined && changed.length <= maximumLength ? changed : undefined
  }

/** Of what is no number there is no result. Fifteen digits: what binary adds to 0.1 + 0.2 is nobody's amount. */
const number = (change: (value: number, args: number[]) => number) => (value: unknown, args: unknown[]) => {
  const result = change(numberOf(value), args.map(numberOf))
  return Number.isFinite(result) ? Number(result.toPrecision(15)) : undefined
}

const list = (change: (list: unknown[], args: unknown[]) => unknown) => (value: unknown, args: unknown[]) =>
  Array.isArray(value) ? change(value, args) : undefined

function roundTo(value: number, digits = 0): number {
  const shifted = Math.round(Number(`${value}e${digits}`))
  return Number(`${shifted}e${-digits}`)
}

function replaceAll(whole: string, [from = '', to = '']: string[]): string | undefined {
  if (from === '') return whole
  const parts = whole.split(from)
  const isTooLong = whole.length + (parts.length - 1) * to.length > maximumLength
  return isTooLong ? undefined : parts.join(to)
}

function truncate(whole: string, [length = '', end = '…']: string[]): string | undefined {
  const signs = [...whole]
  const most = numberOf(length)
  if (Number.isNaN(most)) return undefined
  if (signs.length <= most) return whole
  return signs.slice(0, Math.max(0, most - [...end].length)).join('') + end
}

/** Formatters are dear to make. */
const numbers = remember((key: string) => {
  const [language, options] = JSON.parse(key) as [string, Intl.NumberFormatOptions]
  return new Intl.NumberFormat(language, options)
}, 200)

function formatNumber(value: unknown, [digits]: unknown[], { language }: Habits): string | undefined {
  const amount = numberOf(value)
  if (!Number.isFinite(amount)) return undefined
  const places = digits === undefined ? {} : fixedPlaces(numberOf(digits))
  return places && numbers(JSON.stringify([language, places])).format(amount)
}

function fixedPlaces(digits: number): Intl.NumberFormatOptions | undefined {
  const isFit = Number.isInteger(digits) && digits >= 0 && digits <= 10
  return isFit ? { minimumFractionDigits: digits, maximumFractionDigits: digits } : undefined
}

function formatMoneyIn(value: unknown, [currency]: unknown[], { language }: Habits): string | undefined {
  const amount = numberOf(value)
  if (!Number.isFinite(amount) || currencyProblem(currency) !== undefined) return undefined
  return numbers(JSON.stringify([language, { style: 'currency', currency }])).format(amount)
}

function currencyProblem(currency: unknown): string | undefined {
  return /^[A-Z]{3}$/.test(String(currency)) ? undefined : `"${toText(currency)}" is no currency like USD`
}

function date(value: unknown, [format = 'medium', zone]: unknown[], { zone: own, language }: Habits) {
  return formatDate(value, toText(format), { zone: zone === undefined ? own : toText(zone), language })
}

/** Every filter there is. Pure: none reads a clock, a file or chance. */
export const textFilters: Readonly<Record<string, Filter>> = {
  default: { takes: [1, 1], apply: (value, [other]) => (isNothing(value) ? other : value) },
  upcase: { takes: [0, 0], apply: text((whole) => whole.toUpperCase()) },
  downcase: { takes: [0, 0], apply: text((whole) => whole.toLowerCase()) },
  capitalize: {
    takes: [0, 0],
    apply: text((whole) => whole.replace(/^\s*\p{L}/u, (first) => first.toUpperCase())),
  },
  strip: { takes: [0, 0], apply: text((whole) => whole.trim()) },
  truncate: { takes: [1, 2], apply: text(truncate) },
  append: { takes: [1, 1], apply: text((whole, [more = '']) => whole + more) },
  prepend: { takes: [1, 1], apply: text((whole, [more = '']) => more + whole) },
  replace: { takes: [2, 2], apply: text(replaceAll) },
  remove: { takes: [1, 1], apply: text((whole, [part = '']) => replaceAll(whole, [part, ''])) },
  url_encode: { takes: [0, 0], apply: text((whole) => encodeURIComponent(whole.toWellFormed())) },
  plus: { takes: [1, 1], apply: number((value, [other = Number.NaN]) => value + other) },
  minus: { takes: [1, 1], apply: number((value, [other = Number.NaN]) => value - other) },
  times: { takes: [1, 1], apply: number((value, [other = Number.NaN]) => value * other) },
  divided_by: { takes: [1, 1], apply: number((value, [other = Number.NaN]) => value / other) },
  modulo: { takes: [1, 1], apply: number((value, [other = Number.NaN]) => value % other) },
  round: { takes: [0, 1], apply: number((value, [digits]) => roundTo(value, digits)) },
  ceil: { takes: [0, 0], apply: number(Math.ceil) },
  floor: { takes: [0, 0], apply: number(Math.floor) },
  abs: { takes: [0, 0], apply: number(Math.abs) },
  number: { takes: [0, 1], apply: formatNumber },
  money: { takes: [1, 1], apply: formatMoneyIn, check: ([currency]) => currencyProblem(currency) },
  date: { takes: [0, 2], apply: date, check: ([format = 'medium']) => dateFormatProblem(toText(format)) },
  json: { takes: [0, 0], apply: (value) => (value === undefined ? undefined : JSON.stringify(value)) },
  size: { takes: [0, 0], apply: (value) => (typeof value === 'string' ? [...value] : asList(value))?.length },
  first: { takes: [0, 0], apply: list((items) => items[0]) },
  last: { takes: [0, 0], apply: list((items) => items.at(-1)) },
  join: {
    takes: [0, 1],
    apply: list((items, [between = ', ']) =>
      items.length > 1_000 ? undefined : items.map(toText).join(toText(between)).slice(0, maximumLength),
    ),
  },
}

function asList(value: unknown): unknown[] | undefined {
  return Array.isArray(value) ? value : undefined
}

/** The contact's time zone and language, out of what a text is rendered with. */
export function habitsOf(context: Context): Habits {
  const { contact } = context.environments as { contact?: { time_zone?: unknown; language?: unknown } }
  const zone = contact?.time_zone
  return {
    zone: typeof zone === 'string' ? zone : undefined,
    language: languageTag(toText(contact?.language ?? 'en')),
  }
}
