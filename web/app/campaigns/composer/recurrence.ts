import type { CampaignSchedule } from '../../../../src/model/campaign-definition.ts'

export type Recurrence = Extract<CampaignSchedule, { kind: 'recurring' }>

export const dayNames: Record<string, string> = {
  MO: 'Monday',
  TU: 'Tuesday',
  WE: 'Wednesday',
  TH: 'Thursday',
  FR: 'Friday',
  SA: 'Saturday',
  SU: 'Sunday',
}

/** What the form can say of a rule. */
export interface SimpleRule {
  every: 'DAILY' | 'WEEKLY' | 'MONTHLY'
  interval: number
  days: string[]
  monthDay: number
}

/** The rule as the form's inputs show it; undefined when it says more than they can. */
export function readRule(rrule: string): SimpleRule | undefined {
  const parts = new Map(
    rrule
      .replace(/^RRULE:/i, '')
      .split(';')
      .filter(Boolean)
      .map((part): [string, string] => {
        const [name = '', value = ''] = part.split('=')
        return [name.toUpperCase(), value.toUpperCase()]
      }),
  )
  const every = parts.get('FREQ')
  if (every !== 'DAILY' && every !== 'WEEKLY' && every !== 'MONTHLY') return undefined
  const known = { DAILY: [], WEEKLY: ['BYDAY'], MONTHLY: ['BYMONTHDAY'] }[every]
  if ([...parts.keys()].some((name) => !['FREQ', 'INTERVAL', ...known].includes(name))) return undefined
  const days = parts.get('BYDAY')?.split(',') ?? []
  if (days.some((day) => !Object.hasOwn(dayNames, day))) return undefined
  const monthDay = Number(parts.get('BYMONTHDAY') ?? 1)
  if (!Number.isInteger(monthDay)) return undefined
  return { every, interval: Number(parts.get('INTERVAL') ?? 1), days, monthDay }
}

export function writeRule({ every, interval, days, monthDay }: SimpleRule): string {
  const order = Object.keys(dayNames)
  const sorted = days.toSorted((a, b) => order.indexOf(a) - order.indexOf(b))
  return [
    `FREQ=${every}`,
    ...(interval > 1 ? [`INTERVAL=${interval}`] : []),
    ...(every === 'WEEKLY' && sorted.length > 0 ? [`BYDAY=${sorted.join(',')}`] : []),
    ...(every === 'MONTHLY' ? [`BYMONTHDAY=${monthDay}`] : []),
  ].join(';')
}

const units = { DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month' }

/** `Every 2 weeks on Monday and Friday at 10:00, Europe/Berlin time.` */
export function sayRecurrence({ rule, timeZone, until }: Recurrence): string {
  const end = until === undefined ? '' : `, until ${new Date(until).toLocaleDateString()}`
  if (rule.kind === 'cron') return `By the cron rule ${rule.cron}, ${timeZone} time${end}.`
  const simple = readRule(rule.rrule)
  const time = rule.from.slice(11, 16)
  if (!simple) return `By the rule ${rule.rrule}, beginning ${rule.from}, ${timeZone} time${end}.`
  const { every, interval, days, monthDay } = simple
  const unit = units[every]
  const often = interval > 1 ? `Every ${interval} ${unit}s` : `Every ${unit}`
  const names = new Intl.ListFormat('en').format(days.map((day) => dayNames[day] ?? day))
  const on = every === 'WEEKLY' && names ? ` on ${names}` : every === 'MONTHLY' ? ` on day ${monthDay}` : ''
  return `${often}${on} at ${time}, ${timeZone} time${end}.`
}
