import { z } from 'zod'
import { Temporal } from 'temporal-polyfill'

const text = z.string().max(4_096)
const maximumValues = 1_000

/** What a marketer may compare with. */
export const operandSchema = z.union(
  [
    text,
    z.number(),
    z.boolean(),
    z.array(z.union([text, z.number()], { error: 'must be a text or a number' })).max(maximumValues),
  ],
  { error: ({ input }) => operandProblem(input) },
)
export type Operand = z.infer<typeof operandSchema> | undefined

function operandProblem(given: unknown): string {
  return Array.isArray(given)
    ? `must be at most 1,000 values: these are ${given.length}`
    : 'must be a text, a number, true or false, or a list of texts and numbers'
}

/** Text without regard to case, width and surrounding space. SQL: `folded`. */
export function foldText(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase()
}

/** What texts are compared by: nothing for nothing, undefined for lists and objects, which are no texts. */
export function scalarText(value: unknown): string | undefined {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

/** At most this many digits, so that both compilers read the same number and neither overflows. SQL: `number_of`. */
const numeric = /^[ \t\r\n]*[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})([eE][+-]?[0-9]{1,2})?[ \t\r\n]*$/

/** Numbers may come as text; NaN, which no comparison accepts, for what is no number. */
export function numberOf(value: unknown): number {
  if (typeof value === 'number' || typeof value === 'boolean') return Number(value)
  return typeof value === 'string' && numeric.test(value) ? Number(value) : Number.NaN
}

const datePart = '([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])'
const dateOnly = new RegExp(`^${datePart}$`)
const dateTime = new RegExp(
  `^${datePart}[T ]([01][0-9]|2[0-3]):([0-5][0-9])(:([0-5][0-9])(\\.[0-9]{1,20})?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?$`,
)

/**
 * The instant of an ISO 8601 date (midnight in UTC) or date and time (in UTC unless it says otherwise), in epoch ms;
 * NaN for anything else. SQL: `instant_of`.
 */
export function instantOf(value: unknown): number {
  if (typeof value !== 'string') return Number.NaN
  const day = calendarDay(value)
  if (day) return Date.parse(`${value}T00:00:00Z`)
  const found = dateTime.exec(value)
  if (!found || !calendarDay(value.slice(0, 10))) return Number.NaN
  const [, , , , hours, minutes, , seconds = '00', fraction = '', zone = 'Z'] = found
  const offset = /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone
  const clock = `${hours}:${minutes}:${seconds}.${fraction.slice(1, 4).padEnd(3, '0')}`
  return Date.parse(`${value.slice(0, 10)}T${clock}${offset}`)
}

/** The day that a value stands for where the contact lives: a date is itself, an instant is looked at in the zone. */
export function localDay(value: unknown, zone: string): Temporal.PlainDate | undefined {
  const day = typeof value === 'string' ? calendarDay(value) : undefined
  if (day) return day
  const atMs = instantOf(value)
  return Number.isNaN(atMs) ? undefined : dayAt(atMs, zone)
}

export function dayAt(atMs: number, zone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone).toPlainDate()
}

/** 29 February is remembered on the 28th in years without it. SQL: `is_anniversary`. */
export function isAnniversary(of: Temporal.PlainDate, day: Temporal.PlainDate): boolean {
  if (of.month === day.month && of.day === day.day) return true
  const isLeapDay = of.month === 2 && of.day === 29
  return isLeapDay && !day.inLeapYear && day.month === 2 && day.day === 28
}

function calendarDay(text: string): Temporal.PlainDate | undefined {
  const found = dateOnly.exec(text)
  if (!found) return undefined
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])]
  if (year < 1) return undefined
  const date = Temporal.PlainDate.from({ year, month, day }, { overflow: 'constrain' })
  return date.day === day ? date : undefined
}
