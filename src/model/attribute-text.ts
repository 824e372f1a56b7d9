import {
  isWritableAttribute,
  readAttribute,
  readSystemAttribute,
  type Reading,
} from './contact-attributes.ts'
import { attributeSchemas, type AttributeType } from './event-attributes.ts'
import type { Json } from './json.ts'

export interface TextFormat {
  /** How dates are written, of YYYY, MM, DD and signs between them, e.g. `DD.MM.YYYY`; ISO 8601 when absent. */
  dateFormat?: string | undefined
}

/**
 * Reads a value that came as text (a CSV cell, an answer in a chat): numbers with a decimal point, booleans as yes, no,
 * true, false, 1 or 0, lists separated by `;` or as JSON, dates in the format given, times without offset as UTC.
 */
export function parseAttributeText(type: AttributeType, text: string, format: TextFormat = {}): Reading {
  const parsed = parsers[type](text.trim(), format)
  if ('problem' in parsed) return parsed
  return readAttribute(type, parsed.value)
}

/** The same for a system attribute. */
export function parseSystemText(name: string, text: string, format: TextFormat = {}): Reading<string> {
  if (!isWritableAttribute(name)) return { problem: 'is no attribute that can be set' }
  if (name !== 'date_of_birth' || format.dateFormat === undefined) return readSystemAttribute(name, text)
  const date = parseDate(text.trim(), format.dateFormat)
  return 'problem' in date ? date : readSystemAttribute(name, date.value)
}

const parsers: Record<AttributeType, (text: string, format: TextFormat) => Reading> = {
  string: (text) => ({ value: text }),
  integer: (text) =>
    /^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text))
      ? { value: Number(text) }
      : { problem: `"${shorten(text)}" is no whole number` },
  float: (text) =>
    /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text))
      ? { value: Number(text) }
      : { problem: `"${shorten(text)}" is no number: digits with a decimal point, like 1234.5` },
  boolean: (text) => {
    const value = booleans.get(text.toLowerCase())
    return value === undefined
      ? { problem: `"${shorten(text)}" is none of yes, no, true, false, 1 and 0` }
      : { value }
  },
  list: (text) => {
    if (text.startsWith('[')) return parseJson(text)
    const items = text.split(';').map((item) => item.trim())
    return { value: items.filter((item) => item !== '') }
  },
  date: (text, { dateFormat }) =>
    dateFormat === undefined ? parseDate(text, 'YYYY-MM-DD') : parseDate(text, dateFormat),
  datetime: (text, format) => parseDatetime(text, format),
  json: parseJson,
  uuid: (text) => ({ value: text.toLowerCase() }),
}

const booleans = new Map([
  ['yes', true],
  ['true', true],
  ['1', true],
  ['no', false],
  ['false', false],
  ['0', false],
])

function parseJson(text: string): Reading {
  try {
    return { value: JSON.parse(text) as Json }
  } catch {
    return { problem: `"${shorten(text)}" is no JSON` }
  }
}

/** What is wrong with a format of dates; undefined when nothing is. */
export function dateFormatProblem(format: string): string | undefined {
  const parts = format.match(/YYYY|MM|DD/g) ?? []
  const isWhole = parts.length === 3 && new Set(parts).size === 3
  if (isWhole && /^[^A-Za-z0-9]*$/.test(format.replace(/YYYY|MM|DD/g, ''))) return undefined
  return 'must hold YYYY, MM and DD once each, with signs between them, like DD/MM/YYYY'
}

function readingOf(format: string): { pattern: RegExp; parts: string[] } {
  const parts = format.match(/YYYY|MM|DD/g) ?? []
  const source = format
    .replace(/[^A-Za-z0-9]/g, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`)
    .replace(/YYYY/, '(\\d{4})')
    .replace(/MM/, '(\\d{1,2})')
    .replace(/DD/, '(\\d{1,2})')
  return { pattern: new RegExp(`^${source}$`, 'u'), parts }
}

function parseDate(text: string, format: string): Reading<string> {
  const { pattern, parts } = readingOf(format)
  const found = pattern.exec(text)
  const part = (name: string) => found?.[parts.indexOf(name) + 1]?.padStart(2, '0')
  const value = `${part('YYYY')}-${part('MM')}-${part('DD')}`
  if (found && attributeSchemas.date.safeParse(value).success) return { value }
  return { problem: `"${shorten(text)}" is no date as ${format}` }
}

/** ISO 8601, with a space instead of T if one likes; with a format the date stands in it. Stored in UTC. */
function parseDatetime(text: string, { dateFormat = 'YYYY-MM-DD' }: TextFormat): Reading<string> {
  const found = /^(\S+?)(?:[T\s]+(\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[+-]\d\d:?\d\d)?)?$/.exec(text)
  const date = parseDate(found?.[1] ?? '', dateFormat)
  const problem = `"${shorten(text)}" is no time as ${dateFormat} HH:MM, with Z or an offset unless it is UTC`
  if (!found || 'problem' in date) return { problem }
  const [, , clock = '00:00', offset = 'Z'] = found
  const zone = /^[+-]\d{4}$/.test(offset) ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset
  const atMs = Date.parse(
    `${date.value}T${clock.padStart(clock.indexOf(':') === 1 ? clock.length + 1 : 0, '0')}${zone}`,
  )
  return Number.isNaN(atMs) ? { problem } : { value: new Date(atMs).toISOString() }
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
