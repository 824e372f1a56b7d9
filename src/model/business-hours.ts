import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { localTime, validZone, weekdays } from './schedule.ts'

const closing = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time like 18:00, or 24:00 for the end of the day')
const timeZone = z
  .string()
  .max(100)
  .refine((zone) => validZone(zone) !== undefined, 'must be a time zone like Asia/Kolkata')

/** When there is somebody: weekly windows of one zone, less holidays. Windows of a day that overlap count once. */
export const businessHoursSchema = z
  .strictObject({
    timeZone: timeZone.meta({
      description: 'in which the times are meant, e.g. `Asia/Kolkata`',
      widget: 'zone',
    }),
    windows: z
      .array(
        z
          .strictObject({
            day: z.enum(weekdays).meta({ description: 'the day of the week' }),
            from: localTime.meta({ description: 'the time of day from which somebody is there' }),
            to: closing.meta({
              description: 'the time of day when the last one leaves; `24:00` is the end of the day',
            }),
          })
          .refine(({ from, to }) => from < to, { message: 'must be later than from', path: ['to'] }),
      )
      .min(1)
      .max(50)
      .meta({ description: 'when somebody is there; a night shift is two windows, one of each day' }),
    holidays: z
      .array(
        z.strictObject({
          date: z.iso.date().meta({ description: 'the day, in the zone above' }),
          name: z.string().max(100).default('').meta({ description: 'what is celebrated' }),
        }),
      )
      .max(400)
      .default([])
      .meta({ description: 'days on which nobody is there, whatever day of the week they are' }),
  })
  .meta({ id: 'BusinessHours' })
export type BusinessHours = z.output<typeof businessHoursSchema>

/** Business time that nobody works in two years' days is never: a holiday list cannot be that long. */
const maximumDays = 732

export function isOpen(hours: BusinessHours, atMs: number): boolean {
  const day = dayOf(hours, atMs)
  return windowsOf(hours, day).some(([from, to]) => from <= atMs && atMs < to)
}

/** The next instant at which somebody is there: now, if somebody is. Undefined: not in two years. */
export function nextOpening(hours: BusinessHours, atMs: number): number | undefined {
  for (const [from, to] of openingsFrom(hours, atMs)) if (to > atMs) return Math.max(from, atMs)
  return undefined
}

/**
 * The instant at which so much business time has passed. Without hours every hour is one.
 * @returns undefined when the hours never hold so much
 */
export function addBusinessMs(
  hours: BusinessHours | null,
  fromMs: number,
  amountMs: number,
): number | undefined {
  if (!hours) return fromMs + amountMs
  let left = amountMs
  for (const [from, to] of openingsFrom(hours, fromMs)) {
    const beginsMs = Math.max(from, fromMs)
    if (to <= beginsMs) continue
    if (to - beginsMs >= left) return beginsMs + left
    left -= to - beginsMs
  }
  return undefined
}

/** How much business time lies between two instants; 0 when the second is not later. */
export function businessMsBetween(hours: BusinessHours | null, fromMs: number, toMs: number): number {
  if (!hours) return Math.max(0, toMs - fromMs)
  let sum = 0
  for (const [from, to] of openingsFrom(hours, fromMs)) {
    if (from >= toMs) break
    sum += Math.max(0, Math.min(to, toMs) - Math.max(from, fromMs))
  }
  return sum
}

/** Windows as instants, in order, none overlapping another, from the day of an instant on. */
function* openingsFrom(hours: BusinessHours, fromMs: number): Generator<[number, number]> {
  let day = dayOf(hours, fromMs)
  let endMs = -Infinity
  for (let ahead = 0; ahead < maximumDays; ahead += 1) {
    for (const [from, to] of windowsOf(hours, day)) {
      // Where clocks go back, what begins before another's end may begin again.
      const opens = Math.max(from, endMs)
      if (to <= opens) continue
      endMs = to
      yield [opens, to]
    }
    day = day.add({ days: 1 })
  }
}

function dayOf({ timeZone: zone }: BusinessHours, atMs: number): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone).toPlainDate()
}

/** Of one day, by their beginnings. A time that clocks jump over is the one right after the jump. */
function windowsOf(
  { timeZone: zone, windows, holidays }: BusinessHours,
  day: Temporal.PlainDate,
): [number, number][] {
  const date = day.toString()
  if (holidays.some((holiday) => holiday.date === date)) return []
  const weekday = weekdays[day.dayOfWeek - 1]
  const instant = (time: string) =>
    (time === '24:00'
      ? day.add({ days: 1 }).toZonedDateTime(zone)
      : day.toZonedDateTime({ timeZone: zone, plainTime: time })
    ).epochMilliseconds
  return windows
    .filter((window) => window.day === weekday)
    .map(({ from, to }): [number, number] => [instant(from), instant(to)])
    .sort(([a], [b]) => a - b)
}
