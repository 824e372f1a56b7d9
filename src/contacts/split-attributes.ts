import { toText, type JsonObject } from '../model/json.ts'

/** System attributes are columns of the same name; every other name is a custom attribute. */
const systemAttributes = ['name', 'first_name', 'last_name', 'email', 'language', 'time_zone'] as const
type SystemAttribute = (typeof systemAttributes)[number]

export function splitAttributes(attributes: JsonObject): {
  system: Partial<Record<SystemAttribute, string | null>>
  custom: JsonObject
} {
  const system: Partial<Record<SystemAttribute, string | null>> = {}
  const custom: JsonObject = {}
  for (const [name, value] of Object.entries(attributes)) {
    const column = systemAttributes.find((each) => each === name)
    if (column) system[column] = value === null ? null : toText(value)
    else custom[name] = value
  }
  return { system, custom }
}
