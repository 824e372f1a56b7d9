import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'

export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const
export const localTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time like 09:30')
const zoneSchema = z
  .string()
  .max(100)
  .refine((zone) => validZone(zone) !== undefined, 'must be a time zone like Asia/Kolkata')
const durationUnits = {
  seconds: 1_000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
  weeks: 604_800_000,
}

export const durationSchema = z.object({
  amount: z.number().positive().max(10_000),
  unit: z.enum(['seconds', 'minutes', 'hours', 'days', 'weeks']),
})
export type Duration = z.infer<typeof durationSchema>

/** When a delay ends. The contact's zone is used, else `timeZone`, else UTC. */
export const delaySchema = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('duration'), duration: durationSchema }),
  z.object({
    mode: z.literal('until'),
    /** An instant, or without an offset the time of day where the contact lives. */
    at: z.iso.datetime({ offset: true, local: true }),
    timeZone: zoneSchema.optional(),
  }),
  z.object({
    mode: z.literal('local-time'),
    time: localTime,
    weekdays: z
      .array(z.enum(weekdays))
      .min(1)
      .default([...weekdays]),
    timeZone: zoneSchema.optional(),
  }),
  z.object({
    mode: z.literal('date-attribute'),
    /** Path in the contact, e.g. `attributes.renewal_date`; or `vars.…` and `event.…`. */
    attribute: z.string().min(1),
    offset: durationSchema.optional(),
    direction: z.enum(['before', 'after']).default('after'),
    time: localTime.optional(),
    /** Its next return: birthdays and renewals. 29 February is on the 28th in years without it. */
    yearly: z.boolean().default(false),
    timeZone: zoneSchema.optional(),
  }),
])
export type Delay = z.infer<typeof delaySchema>

export function durationMs(duration: Duration): number {
  return Math.round(duration.amount * durationUnits[duration.unit])
}

/** The instant (epoch ms) a delay ends, or undefined when a date attribute has no usable value. */
export function delayEndsAt(
  delay: Delay,
  nowMs: number,
  contact: { timeZone?: string | undefined; value?: unknown },
): number | undefined {
  if (delay.mode === 'duration') return nowMs + durationMs(delay.duration)
  const zone = validZone(contact.timeZone) ?? validZone(delay.timeZone) ?? 'UTC'
  if (delay.mode === 'until') return untilMs(delay.at, zone)
  if (delay.mode === 'local-time') return nextLocalTime(nowMs, delay.time, delay.weekdays, zone)
  const base = parseDate(contact.value, delay.time, zone)
  if (!base) return undefined
  const end = (at: Temporal.ZonedDateTime) => shift(at, delay.offset, delay.direction).epochMilliseconds
  if (!delay.yearly) return end(base)
  const thisYear = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(zone).year
  // What lies a long while before or after its day may belong to the day of another year.
  const reach = Math.ceil((delay.offset ? durationMs(delay.offset) : 0) / 31_536_000_000) + 1
  for (let year = thisYear - reach; ; year++) {
    const endsAt = end(base.with({ year }))
    if (endsAt > nowMs) return endsAt
  }
}

function untilMs(at: string, zone: string): number {
  return isInstant(at)
    ? Date.parse(at)
    : Temporal.PlainDateTime.from(at).toZonedDateTime(zone).epochMilliseconds
}

/** Whole days and weeks are those of the calendar: three days before nine o'clock is nine o'clock, also over a change of clocks. */
function shift(
  at: Temporal.ZonedDateTime,
  offset: Duration | undefined,
  direction: 'before' | 'after',
): Temporal.ZonedDateTime {
  if (!offset) return at
  const { amount, unit } = offset
  const isByCalendar = Number.isInteger(amount) && (unit === 'days' || unit === 'weeks')
  const by = isByCalendar ? { [unit]: amount } : { milliseconds: durationMs(offset) }
  return direction === 'before' ? at.subtract(by) : at.add(by)
}

/** The next instant, strictly after now, at a wall-clock time on an allowed weekday; right over DST changes. */
export function nextLocalTime(nowMs: number, time: string, days: readonly string[], zone: string): number {
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(zone)
  for (let ahead = 0; ahead <= 7; ahead++) {
    const day = now.toPlainDate().add({ days: ahead })
    if (!days.includes(weekdays[day.dayOfWeek - 1] ?? '')) continue
    const at = day.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds
    if (at > nowMs) return at
  }
  throw new RangeError('a week holds every weekday, so one of eight days must match')
}

/** Minutes after local midnight, and the weekday, at an instant. */
export function localClock(nowMs: number, zone: string | undefined): { time: string; weekday: string } {
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(validZone(zone) ?? 'UTC')
  const time = now.toPlainTime().toString({ smallestUnit: 'minute' })
  return { time, weekday: weekdays[now.dayOfWeek - 1] ?? 'monday' }
}

/** A day, an instant, or a time of day where the contact lives. */
function parseDate(
  value: unknown,
  time: string | undefined,
  zone: string,
): Temporal.ZonedDateTime | undefined {
  if (typeof value !== 'string') return undefined
  try {
    const at = isInstant(value)
      ? Temporal.Instant.from(value).toZonedDateTimeISO(zone)
      : Temporal.PlainDateTime.from(value).toZonedDateTime(zone)
    return time ? at.toPlainDate().toZonedDateTime({ timeZone: zone, plainTime: time }) : at
  } catch {
    // Attributes are people's data: what is no date takes the card's `failed` outlet, it is not a bug.
    return undefined
  }
}

function isInstant(text: string): boolean {
  return text.length > 10 && /(Z|[+-]\d\d(:?\d\d)?)$/i.test(text)
}

/** Whether the contact's zone, or a date that it has, decides when a delay ends. */
export function delayNeedsContact(delay: Delay): boolean {
  return delay.mode === 'until' ? !isInstant(delay.at) : delay.mode !== 'duration'
}

export function validZone(zone: string | undefined): string | undefined {
  if (!zone) return undefined
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone).timeZoneId
  } catch {
    // An unknown zone in a contact's data must not stop a journey: the next fallback serves.
    return undefined
  }
}
