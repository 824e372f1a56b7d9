import { z } from 'zod'

/** What JSON can say: the only values that travel in variables, facts and payloads. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

export const jsonObjectSchema: z.ZodType<JsonObject> = z
  .record(z.string().max(200), z.json())
  .meta({ id: 'JsonObject' })

/** What a value looks like in a text: nothing for nothing, JSON for structures. */
export function toText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Reads `a.b.0.c` from a value; own properties only, so that `__proto__` and `constructor` lead nowhere. */
export function readPath(value: unknown, path: string): Json | undefined {
  let current: unknown = value
  for (const part of path.split('.')) {
    if (current === null || typeof current !== 'object' || !Object.hasOwn(current, part)) return undefined
    current = (current as Record<string, unknown>)[part]
  }
  return current as Json | undefined
}

/** Deeper than this nothing of ours goes; what others send may nest until a walk through it overflows. */
const maximumDepth = 50

/** Without what PostgreSQL cannot store, NUL and lone surrogates, and without what nests too deeply. */
export function toStorable(value: Json, depth = 0): Json {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '')
  if (value === null || typeof value !== 'object') return value
  if (depth === maximumDepth) return null
  if (Array.isArray(value)) return value.map((child) => toStorable(child, depth + 1))
  const entries = Object.entries(value).map(([key, child]) => [toStorable(key), toStorable(child, depth + 1)])
  return Object.fromEntries(entries) as JsonObject
}
