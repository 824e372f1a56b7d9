import { Cron } from 'croner'
import { RRuleTemporal } from 'rrule-temporal'
import { Temporal } from 'temporal-polyfill'
import type { CampaignSchedule } from '../model/campaign-definition.ts'

export type Recurrence = Extract<CampaignSchedule, { kind: 'recurring' }>

/** More often than this nobody can want to be written to. */
const shortestMs = 60 * 60_000
const looked = 50

/** Why a rule of recurrence cannot be gone by, and the field that says it. */
export function recurrenceProblem(recurrence: Recurrence): [field: string, message: string] | undefined {
  const { rule } = recurrence
  const field = `schedule.rule.${rule.kind}`
  if (rule.kind === 'cron') {
    const problem = cronProblem(rule.cron)
    if (problem) return [field, problem]
  }
  try {
    const runs = nextOccurrences({ ...recurrence, until: undefined }, { afterMs: 0, limit: looked })
    if (runs.length === 0) return [field, 'there is no such time']
    const isTooOften = runs.some((at, index) => index > 0 && at - (runs[index - 1] ?? 0) < shortestMs)
    return isTooOften ? [field, 'recurs more than once an hour'] : undefined
  } catch (error) {
    return [field, error instanceof Error ? error.message : 'cannot be read']
  }
}

/** Temporal reads cron text itself: nothing beyond what both understand the same way. */
function cronProblem(cron: string): string | undefined {
  const fields = cron.trim().split(/\s+/)
  if (fields.length !== 5)
    return 'must have five fields: minute, hour, day of the month, month, day of the week'
  if (!fields.every((each) => /^[\d*,/A-Za-z-]+$/.test(each) && !/[LW]$/.test(each)))
    return 'may hold numbers, names, and the signs * , - /'
  return fields[2] !== '*' && fields[4] !== '*'
    ? 'may name days of the month or of the week, not both'
    : undefined
}

/** The next instants of a recurrence, strictly after one, as epoch milliseconds. */
export function nextOccurrences(
  { rule, timeZone, until }: Recurrence,
  { afterMs, limit }: { afterMs: number; limit: number },
): number[] {
  const untilMs = until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until)
  const next = rule.kind === 'cron' ? cronNext(rule.cron, timeZone) : rruleNext(rule, timeZone)
  const found: number[] = []
  for (let at = next(afterMs); found.length < limit; at = next(at)) {
    if (at === undefined || at > untilMs) break
    found.push(at)
  }
  return found
}

type Next = (afterMs: number) => number | undefined

function cronNext(cron: string, timezone: string): Next {
  const job = new Cron(cron, { timezone, paused: true })
  return (afterMs) => job.nextRun(new Date(afterMs))?.getTime()
}

function rruleNext({ rrule, from }: { rrule: string; from: string }, timeZone: string): Next {
  const dtstart = Temporal.PlainDateTime.from(from).toZonedDateTime(timeZone)
  const rule = new RRuleTemporal({
    rruleString: rrule.replace(/^RRULE:/i, ''),
    dtstart,
    tzid: timeZone,
    temporal: Temporal,
  })
  return (afterMs) => {
    const after = Temporal.Instant.fromEpochMilliseconds(afterMs).toZonedDateTimeISO(timeZone)
    return rule.next(after, false)?.epochMilliseconds
  }
}
