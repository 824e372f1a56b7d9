import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { localClock, localTime, nextLocalTime, validZone, weekdays } from './schedule.ts'

const spanSchema = z
  .strictObject({
    days: z.array(z.enum(weekdays)).min(1),
    from: localTime,
    to: localTime.meta({ description: 'before `from`: over midnight; the same: the whole day' }),
  })
  .meta({ description: 'on these days' })

/** When somebody works: spans of a week, in one time zone, but for days off. */
export const workingHoursSchema = z
  .strictObject({
    timeZone: z
      .string()
      .max(100)
      .refine((zone) => validZone(zone) !== undefined, 'must be a time zone like Asia/Kolkata'),
    spans: z.array(spanSchema).min(1).max(50),
    closedOn: z.array(z.iso.date()).max(400).default([]).meta({
      description: 'days on which nobody works; a span over midnight belongs to the day that it begins on',
    }),
  })
  .meta({ id: 'WorkingHours' })
export type WorkingHours = z.output<typeof workingHoursSchema>

export function isWithinHours(hours: WorkingHours, atMs: number): boolean {
  const { time } = localClock(atMs, hours.timeZone)
  const at = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(hours.timeZone)
  const today = at.toPlainDate()
  const yesterday = today.subtract({ days: 1 })
  return hours.spans.some((span) => {
    const isOn = (day: Temporal.PlainDate) => beginsOn(hours, span, day)
    if (span.from < span.to) return isOn(today) && time >= span.from && time < span.to
    return (isOn(today) && time >= span.from) || (isOn(yesterday) && time < span.to)
  })
}

/** The next instant at which work begins, strictly after this one; undefined when none does within a year. */
export function nextOpening(hours: WorkingHours, atMs: number): number | undefined {
  let fromMs = atMs
  for (let turn = 0; turn < 366; turn += 1) {
    const openings = hours.spans.map(({ from, days }) => nextLocalTime(fromMs, from, days, hours.timeZone))
    const next = Math.min(...openings)
    if (isWithinHours(hours, next)) return next
    fromMs = next
  }
  return undefined
}

function beginsOn(
  { closedOn }: WorkingHours,
  { days }: z.output<typeof spanSchema>,
  day: Temporal.PlainDate,
): boolean {
  const weekday = weekdays[day.dayOfWeek - 1]
  return days.some((each) => each === weekday) && !closedOn.includes(day.toString())
}
