import type { Request } from 'express'
import { z } from 'zod'
import { toFieldErrors } from '../../kit/field-errors.ts'
import { listIgnored, tellIgnored } from '../../kit/ignored-fields.ts'
import { refuseFields } from '../../kit/problem.ts'
import type { Json, JsonObject } from '../../model/json.ts'

/** The document's names match whatever their case, `_` and `-`: `Page_size` and `pageSize` are one. */
function looseName(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '')
}

/**
 * What stands under a loosely named path, whatever it is, and the rest without it; undefined when nothing does. `user.phone_no`
 * may be nested or one dotted name.
 */
export function takeLoose(
  all: JsonObject,
  path: [group: string, name: string],
): { value: Json | undefined; rest: JsonObject } {
  const wanted = path.map(looseName)
  const rest: JsonObject = {}
  let value: Json | undefined
  for (const [key, child] of Object.entries(all)) {
    const [group = '', name] = key.split('.').map(looseName)
    if (group !== wanted[0]) rest[key] = child
    else if (name === undefined && isRecord(child)) {
      const inside = Object.entries(child).filter(([inner, text]) => {
        const isWanted = looseName(inner) === wanted[1]
        if (isWanted) value = given(text) ?? value
        return !isWanted
      })
      if (inside.length > 0) rest[key] = Object.fromEntries(inside)
    } else if (name === wanted[1]) value = given(child) ?? value
    else rest[key] = child
  }
  return { value, rest }
}

function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An empty value is none. */
function given(value: Json | undefined): Json | undefined {
  const trimmed = typeof value === 'string' ? value.trim() : value
  return trimmed === '' || trimmed === null ? undefined : trimmed
}

/**
 * The same JSON with the document's own spelling of every name that it knows, at any depth: `Sub-Type` becomes `sub_type`.
 * Of two spellings of one name the last with a value counts.
 */
export function spellNames(value: Json, names: readonly string[]): Json {
  const spelled = new Map(names.map((name) => [looseName(name), name]))
  const walk = (each: Json): Json => {
    if (Array.isArray(each)) return each.map(walk)
    if (!isRecord(each)) return each
    const out: JsonObject = {}
    for (const [key, child] of Object.entries(each)) {
      const name = spelled.get(looseName(key)) ?? key
      out[name] = given(child) === undefined ? (out[name] ?? child) : walk(child)
    }
    return out
  }
  return walk(value)
}

/** One of these words, whatever its case, `_` and `-`. */
export function looseEnum<const T extends readonly [string, ...string[]]>(words: T) {
  const known = new Map(words.map((word) => [looseName(word), word]))
  return z
    .string()
    .max(100)
    .transform((said, context): T[number] => {
      const word = known.get(looseName(said))
      if (word !== undefined) return word
      context.addIssue({ code: 'custom', message: `must be one of ${words.join(', ')}` })
      return z.NEVER
    })
}

/** Reads what was sent by a schema whose names are loose, and names in the answer what it does not know. */
export function readLoose<T extends z.ZodType>(
  schema: T,
  names: readonly string[],
  sent: Json,
  request: Request,
): z.output<T> {
  const spelled = spellNames(sent, names)
  tellIgnored(request, listIgnored(schema, spelled))
  const read = schema.safeParse(spelled)
  if (read.success) return read.data
  throw refuseFields(toFieldErrors(read.error))
}
