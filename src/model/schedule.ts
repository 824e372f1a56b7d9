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

/** When a delay ends. Zones are IANA names; the contact's zone is used, else `timeZone`, else UTC. */
export const delaySchema = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('duration'), duration: durationSchema }),
  z.object({ mode: z.literal('until'), at: z.iso.datetime({ offset: true }) }),
  z.object({
    mode: z.literal('local-time'),
    time: localTime,
    weekdays: z
      .array(z.enum(weekdays))
      .min(1)
      .default([...weekdays]),
    timeZone: z.string().optional(),
  }),
  z.object({
    mode: z.literal('date-attribute'),
    /** Path in the contact, e.g. `attributes.renewal_date`. */
    attribute: z.string().min(1),
    offset: durationSchema.optional(),
    direction: z.enum(['before', 'after']).default('after'),
    time: localTime.optional(),
    timeZone: z.string().optional(),
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
  if (delay.mode === 'until') return Date.parse(delay.at)
  const zone = validZone(contact.timeZone) ?? validZone(delay.timeZone) ?? 'UTC'
  if (delay.mode === 'local-time') return nextLocalTime(nowMs, delay.time, delay.weekdays, zone)
  const base = parseDate(contact.value, delay.time, zone)
  if (base === undefined) return undefined
  const shift = delay.offset ? durationMs(delay.offset) : 0
  return delay.direction === 'before' ? base - shift : base + shift
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

function parseDate(value: unknown, time: string | undefined, zone: string): number | undefined {
  if (typeof value !== 'string') return undefined
  try {
    if (!time && value.length > 10) return Temporal.Instant.from(value).epochMilliseconds
    const date = Temporal.PlainDate.from(value.slice(0, 10))
    return date.toZonedDateTime({ timeZone: zone, plainTime: time ?? '00:00' }).epochMilliseconds
  } catch {
    // Attributes are people's data: what is no date takes the card's `failed` outlet, it is not a bug.
    return undefined
  }
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
