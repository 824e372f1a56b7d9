import type { AttributeType } from '../../../src/model/event-attributes.ts'
import type { Json } from '../../../src/model/json.ts'
import { sayValue } from '../ui/words.ts'

/** A value as it stands in an input. */
export function toInput(type: AttributeType, value: Json): string {
  if (value === null) return ''
  if (type === 'boolean') return JSON.stringify(value)
  return type === 'json' ? JSON.stringify(value) : sayValue(value)
}

/** What the API is sent: null empties. What cannot be read goes as it is, and the API says what is wrong. */
export function fromInput(type: AttributeType, text: string): Json {
  const given = text.trim()
  if (given === '') return null
  if (type === 'integer' || type === 'float') return Number.isNaN(Number(given)) ? given : Number(given)
  if (type === 'boolean') return given === 'true'
  if (type === 'list') return given.split(',').map((each) => each.trim())
  if (type === 'datetime') return isoTime(given)
  return type === 'json' ? readJson(given) : given
}

function isoTime(text: string): string {
  const at = new Date(text)
  return Number.isNaN(at.getTime()) ? text : at.toISOString()
}

function readJson(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
