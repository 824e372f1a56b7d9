const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const numbers = new Intl.NumberFormat()
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })
const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

export function sayTime(iso: string): string {
  return dateTime.format(new Date(iso))
}

/** `3 hours ago`; a date when it is longer than a month ago. */
export function sayAgo(iso: string, nowMs = Date.now()): string {
  const distanceMs = Date.parse(iso) - nowMs
  if (Math.abs(distanceMs) > 30 * 86_400_000) return sayTime(iso)
  const [unit, sizeMs] = steps.find(([, ms]) => Math.abs(distanceMs) >= ms) ?? ['second', 1_000]
  return relative.format(Math.round(distanceMs / sizeMs), unit)
}

export function sayCount(count: number, one: string, many = `${one}s`): string {
  return `${numbers.format(count)} ${count === 1 ? one : many}`
}

/** `opted_in` as `opted in`. */
export function sayName(name: string): string {
  return name.replaceAll(/[_-]/g, ' ')
}

export function sayValue(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(sayValue).join(', ')
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
