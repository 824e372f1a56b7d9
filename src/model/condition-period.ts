import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'

/** A stretch of time back from now, or ahead of it. Months are those of the calendar, in UTC. */
export const periodSchema = z
  .object({
    amount: z.number().int().min(1).max(10_000),
    unit: z.enum(['minutes', 'hours', 'days', 'weeks', 'months']),
  })
  .meta({ id: 'Period' })
export type Period = z.infer<typeof periodSchema>

/** The instant (epoch ms) that lies a period before another. */
export function before(atMs: number, period: Period): number {
  return shift(atMs, period, -1)
}

export function after(atMs: number, period: Period): number {
  return shift(atMs, period, 1)
}

function shift(atMs: number, { amount, unit }: Period, sign: 1 | -1): number {
  // Days and weeks are those of the calendar too; in UTC every day has 24 hours.
  const at = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO('UTC')
  return at.add({ [unit]: sign * amount }).epochMilliseconds
}
