import type { JsonObject } from '../../model/json.ts'

/** The document's names match whatever their case, `_` and `-`: `Page_size` and `pageSize` are one. */
function looseName(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '')
}

/** What stands under a loosely named path, and the rest without it. `user.phone_no` may be nested or one dotted name. */
export function takeLoose(
  given: JsonObject,
  path: [group: string, name: string],
): { value: string | undefined; rest: JsonObject } {
  const wanted = path.map(looseName)
  const rest: JsonObject = {}
  let value: string | undefined
  for (const [key, child] of Object.entries(given)) {
    const [group = '', name] = key.split('.').map(looseName)
    if (group !== wanted[0]) rest[key] = child
    else if (name === undefined && isRecord(child)) {
      const inside = Object.entries(child).filter(([inner, text]) => {
        const isWanted = looseName(inner) === wanted[1]
        if (isWanted) value = textOf(text) ?? value
        return !isWanted
      })
      if (inside.length > 0) rest[key] = Object.fromEntries(inside)
    } else if (name === wanted[1]) value = textOf(child) ?? value
    else rest[key] = child
  }
  return { value, rest }
}

function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined
}
