import { Temporal } from 'temporal-polyfill'
import { instantOf } from './condition-values.ts'
import { remember } from './remember.ts'
import { validZone } from './schedule.ts'

/** Lengths that follow the contact's language; everything else is a pattern of `%` and a letter. */
const lengths = ['short', 'medium', 'long', 'full'] as const
type Length = (typeof lengths)[number]

/** The language tag as `Intl` wants it, English where it is none. */
export const languageTag = remember((language: string): string => {
  try {
    return Intl.getCanonicalLocales(language.replaceAll('_', '-'))[0] ?? 'en'
  } catch {
    // A contact's language is people's data: what is none must not keep a text from being sent.
    return 'en'
  }
}, 200)

/** Formatters are dear to make. They are told the local time as if it were that of UTC. */
const formatterOf = remember((key: string) => {
  const [language, options] = JSON.parse(key) as [string, Intl.DateTimeFormatOptions]
  return new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' })
}, 200)

function inWords(at: Temporal.ZonedDateTime, language: string, options: Intl.DateTimeFormatOptions): string {
  const formatter = formatterOf(JSON.stringify([language, options]))
  return formatter.format(at.toPlainDateTime().toZonedDateTime('UTC').epochMilliseconds)
}

/**
 * A date or an instant in words. A date without a time is that day everywhere; an instant is looked at in the zone.
 * Undefined for what is neither, and for a pattern with letters that say nothing.
 */
export function formatDate(
  value: unknown,
  format: string,
  { zone, language }: { zone: string | undefined; language: string },
): string | undefined {
  const at = readMoment(value, validZone(zone) ?? 'UTC')
  if (!at) return undefined
  if (isLength(format)) return inWords(at, language, { dateStyle: format })
  if (format === 'time') return inWords(at, language, { timeStyle: 'short' })
  return isPattern(format) ? fill(format, at, language) : undefined
}

function isLength(format: string): format is Length {
  return (lengths as readonly string[]).includes(format)
}

/** What a `date` filter or function may be told. */
export function dateFormatProblem(format: string): string | undefined {
  if (isLength(format) || format === 'time' || isPattern(format)) return undefined
  return `"${format}" is no format of dates: use short, medium, long, full, time, or a pattern like "%d.%m.%Y"`
}

/** A pattern has at least one letter, and knows each. */
function isPattern(format: string): boolean {
  const letters = [...format.matchAll(/%(-?)(.?)/gsu)]
  return letters.length > 0 && letters.every(([, , letter = '']) => letter === '%' || letter in parts)
}

function readMoment(value: unknown, zone: string): Temporal.ZonedDateTime | undefined {
  if (typeof value === 'number') {
    const isTime = Number.isFinite(value) && Math.abs(value) <= 8.64e15
    return isTime
      ? Temporal.Instant.fromEpochMilliseconds(Math.trunc(value)).toZonedDateTimeISO(zone)
      : undefined
  }
  const atMs = instantOf(value)
  if (Number.isNaN(atMs) || typeof value !== 'string') return undefined
  if (value.length <= 10) return Temporal.PlainDate.from(value).toZonedDateTime({ timeZone: zone })
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone)
}

type Part = (at: Temporal.ZonedDateTime, language: string) => string | number

const two = (number: number) => String(number).padStart(2, '0')
const named =
  (options: Intl.DateTimeFormatOptions): Part =>
  (at, language) =>
    inWords(at, language, options)

/** The letters of strftime that texts need. */
const parts: Record<string, Part> = {
  Y: (at) => String(at.year).padStart(4, '0'),
  y: (at) => two(at.year % 100),
  m: (at) => two(at.month),
  d: (at) => two(at.day),
  e: (at) => at.day,
  j: (at) => String(at.dayOfYear).padStart(3, '0'),
  H: (at) => two(at.hour),
  I: (at) => two(at.hour % 12 || 12),
  l: (at) => at.hour % 12 || 12,
  M: (at) => two(at.minute),
  S: (at) => two(at.second),
  p: (at) => (at.hour < 12 ? 'AM' : 'PM'),
  P: (at) => (at.hour < 12 ? 'am' : 'pm'),
  B: named({ month: 'long' }),
  b: named({ month: 'short' }),
  A: named({ weekday: 'long' }),
  a: named({ weekday: 'short' }),
  F: (at) => at.toPlainDate().toString(),
  T: (at) => at.toPlainTime().toString({ smallestUnit: 'second' }),
  R: (at) => at.toPlainTime().toString({ smallestUnit: 'minute' }),
  Z: (at) => at.timeZoneId,
  z: (at) => at.offset.replace(':', ''),
  s: (at) => Math.floor(at.epochMilliseconds / 1_000),
}

/** `%-d` is `%d` without its leading zero. */
function fill(format: string, at: Temporal.ZonedDateTime, language: string): string {
  return format.replace(/%(-?)(.)/gsu, (_, bare: string, letter: string) => {
    if (letter === '%') return '%'
    const text = String(parts[letter]?.(at, language) ?? '')
    return bare ? text.replace(/^0+(?=\d)/, '') : text
  })
}
