import { isDeepStrictEqual } from 'node:util'

/** Where two JSON values first differ, and how, in words. */
export function findDifference(expected: unknown, found: unknown, path = ''): string {
  if (isRecord(expected) && isRecord(found)) {
    const names = [...new Set([...Object.keys(expected), ...Object.keys(found)])]
    const name = names.find((each) => !isDeepStrictEqual(expected[each], found[each]))
    if (name !== undefined)
      return findDifference(expected[name], found[name], path ? `${path}.${name}` : name)
  }
  return `${path || 'the whole'}: ${shown(found)} instead of ${shown(expected)}`
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
