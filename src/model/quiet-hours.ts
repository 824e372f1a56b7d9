import type { QuietHours } from './arbiter-settings.ts'
import { localClock, nextLocalTime, weekdays } from './schedule.ts'

/** When the quiet that an instant lies in is over; undefined when it lies in none. Right over DST changes. */
export function quietUntil(quiet: QuietHours, atMs: number, timeZone: string): number | undefined {
  let untilMs = atMs
  // A quiet night may lead into a quiet day, and that into a night: at most once for each day of a week.
  for (let turn = 0; turn <= 2 * weekdays.length; turn += 1) {
    const next = endOfQuiet(quiet, untilMs, timeZone)
    if (next === undefined) return turn === 0 ? undefined : untilMs
    untilMs = next
  }
  return untilMs
}

function endOfQuiet(quiet: QuietHours, atMs: number, timeZone: string): number | undefined {
  const { time, weekday } = localClock(atMs, timeZone)
  if (isWithin(quiet, time)) return nextLocalTime(atMs, quiet.to, weekdays, timeZone)
  const isQuietDay = quiet.days.some((day) => day === weekday)
  return isQuietDay ? nextLocalTime(atMs, '00:00', weekdays, timeZone) : undefined
}

/** From `21:00` to `09:00` goes over midnight. */
function isWithin({ from, to }: QuietHours, time: string): boolean {
  return from < to ? time >= from && time < to : time >= from || time < to
}
