import { z } from 'zod'

const message = 'must be an ISO 8601 time like 2026-11-21T09:30:00Z, or epoch seconds or milliseconds'

/** A time as callers of public APIs write it, in ISO 8601 with our precision. Without an offset it is UTC. */
export const wireTime = z.union([z.string().max(40), z.number()], message).transform((given, context) => {
  const time = readTime(String(given).trim())
  if (time) return time
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

function readTime(text: string): string | undefined {
  if (/^\d{9,10}$/.test(text)) return new Date(Number(text) * 1_000).toISOString()
  if (/^\d{12,13}$/.test(text)) return new Date(Number(text)).toISOString()
  if (z.iso.date().safeParse(text).success) return `${text}T00:00:00.000Z`
  // The plus sign of an offset is a space in a query that was not encoded.
  const mended = text.replace(/(\d\d:\d\d(?::\d\d(?:\.\d+)?)?) (\d\d:?\d\d)$/, '$1+$2')
  const whole = /(?:Z|[+-]\d\d:?\d\d)$/i.test(mended) ? mended : `${mended}Z`
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/i.test(whole) || Number.isNaN(Date.parse(whole))) return undefined
  return new Date(whole).toISOString()
}
