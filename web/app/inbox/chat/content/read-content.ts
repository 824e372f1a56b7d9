import type { JsonObject } from '../../../../../src/model/json.ts'

/** Contents come from outside: each part is asked for as what it should be, and is empty when it is not. */
export function part(content: unknown, ...path: (string | number)[]): JsonObject {
  const found = at(content, path)
  return isObject(found) ? found : {}
}

export function words(content: unknown, ...path: (string | number)[]): string {
  const found = at(content, path)
  return typeof found === 'string' || typeof found === 'number' ? String(found) : ''
}

export function list(content: unknown, ...path: (string | number)[]): JsonObject[] {
  const found = at(content, path)
  return Array.isArray(found) ? found.filter(isObject) : []
}

function at(content: unknown, path: (string | number)[]): unknown {
  let found = content
  for (const step of path) {
    if (found === null || typeof found !== 'object') return undefined
    found = (found as Record<string | number, unknown>)[step]
  }
  return found
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** Only addresses of the web may be followed: what comes from outside may be anything. */
export function webAddress(address: string): string | undefined {
  return /^https?:\/\//i.test(address) ? address : undefined
}

/** A message in a line. */
export function describe(content: JsonObject): string {
  const type = words(content, 'type')
  const paths = [['body'], ['body', 'text'], ['caption'], ['name'], ['filename']]
  return paths.map((path) => words(content, type, ...path)).find((text) => text !== '') ?? type
}
