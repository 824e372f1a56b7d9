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
