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

export function sayNumber(count: number): string {
  return numbers.format(count)
}

/** `0.1234` as `12.3 %`; a dash where nothing could be divided. */
export function sayShare(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(share === 0 || share === 1 ? 0 : 1)} %`
}

/** `90000` as `1.5 min`: one unit is enough to compare by. */
export function saySpan(ms: number): string {
  const units: [string, number][] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
  ]
  const [unit, sizeMs] = units.find(([, size]) => ms >= size) ?? ['s', 1_000]
  return `${Number((ms / sizeMs).toFixed(1)).toLocaleString()} ${unit}`
}
