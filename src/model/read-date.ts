/** How people write a day by numbers: 3/4/2026 is in April, or in March. */
export type DateOrder = 'day-first' | 'month-first'

const months = 'january february march april may june july august september october november december'.split(
  ' ',
)

/**
 * A day as YYYY-MM-DD out of what a person wrote: 2026-04-03, 3.4.2026, 03/04/26, 3 April 2026, Apr 3, 2026. Undefined when it
 * is no day, or none that the calendar has.
 */
export function readDate(written: string, order: DateOrder): string | undefined {
  const text = written.trim().toLowerCase()
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text)
  if (iso) return toDay(iso[1], iso[2], iso[3])
  const numbers = /^(\d{1,2})[./\s-]+(\d{1,2})[./\s-]+(\d{4}|\d{2})$/.exec(text)
  if (numbers) {
    const [, first, second, year] = numbers
    return order === 'day-first' ? toDay(year, second, first) : toDay(year, first, second)
  }
  const dayFirst = /^(\d{1,2})(?:st|nd|rd|th|\.)?\s+([a-z]{3,9})\.?,?\s+(\d{4})$/.exec(text)
  if (dayFirst) return toDay(dayFirst[3], monthOf(dayFirst[2]), dayFirst[1])
  const monthFirst = /^([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$/.exec(text)
  return monthFirst ? toDay(monthFirst[3], monthOf(monthFirst[1]), monthFirst[2]) : undefined
}

function monthOf(name = ''): string {
  return String(months.findIndex((month) => month.startsWith(name)) + 1)
}

function toDay(year = '', month = '', day = ''): string | undefined {
  // Nobody who writes 87 means 2087.
  const full = year.length === 4 ? Number(year) : Number(year) + (Number(year) < 50 ? 2_000 : 1_900)
  const date = new Date(Date.UTC(full, Number(month) - 1, Number(day)))
  const isReal = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
  return isReal ? date.toISOString().slice(0, 10) : undefined
}
