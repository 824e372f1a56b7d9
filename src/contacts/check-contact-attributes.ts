import type { Em } from '../db/orm.ts'
import { parseAttributeText } from '../model/attribute-text.ts'
import {
  isWritableAttribute,
  readAttribute,
  readSystemAttribute,
  systemAttributes,
  type Reading,
  type WritableAttribute,
} from '../model/contact-attributes.ts'
import { AppError, type FieldError } from '../model/errors.ts'
import type { AttributeType } from '../model/event-attributes.ts'
import { toText, type Json, type JsonObject } from '../model/json.ts'
import { loadAttributeTypes } from './attribute-definitions.ts'

export interface CheckedAttributes {
  /** Columns of the same names. */
  system: Partial<Record<WritableAttribute, string | null>>
  /** Typed as declared. In both null empties the attribute. */
  custom: JsonObject
}
export interface CheckOptions {
  /** What a caller calls an attribute in its errors; `attributes.<name>` when absent. */
  fieldOf?: (name: string) => string
  /** Texts are read as the declared type, and numbers as texts: what a chat or a card gives has one shape only. */
  lenient?: boolean
}

/** Attributes as they may be written, by the workspace's definitions; refuses with every wrong one named. */
export async function checkContactAttributes(
  em: Em,
  workspaceId: string,
  attributes: JsonObject,
  options: CheckOptions = {},
): Promise<CheckedAttributes> {
  const isPlain = Object.keys(attributes).every(isWritableAttribute)
  const types = isPlain ? new Map<string, AttributeType>() : await loadAttributeTypes(em, workspaceId)
  const { problems, ...checked } = checkAttributeValues(types, attributes, options)
  if (problems.length === 0) return checked
  const words = problems.map(({ field, message }) => `${field} ${message}`).join('; ')
  throw new AppError('invalid_input', words, { fields: problems })
}

/** The same without a database, for many contacts at once. @param types of the declared attributes, by name */
export function checkAttributeValues(
  types: ReadonlyMap<string, AttributeType>,
  attributes: JsonObject,
  { fieldOf = (name) => `attributes.${name}`, lenient = false }: CheckOptions = {},
): CheckedAttributes & { problems: FieldError[] } {
  const system: CheckedAttributes['system'] = {}
  const custom: [string, Json][] = []
  const problems: FieldError[] = []
  for (const [name, value] of Object.entries(attributes)) {
    const reading = read(types, name, value, lenient)
    if ('problem' in reading) problems.push({ field: fieldOf(name), message: reading.problem })
    else if (isWritableAttribute(name)) system[name] = reading.value as string | null
    else custom.push([name, reading.value])
  }
  return { system, custom: Object.fromEntries(custom), problems }
}

function read(
  types: ReadonlyMap<string, AttributeType>,
  name: string,
  value: Json,
  lenient: boolean,
): Reading {
  if (isWritableAttribute(name)) {
    if (value === null) return { value }
    return readSystemAttribute(name, lenient && isScalar(value) ? toText(value) : value)
  }
  const type = types.get(name)
  if (type) {
    if (value === null) return { value }
    if (lenient && typeof value === 'string') return parseAttributeText(type, value)
    return readAttribute(type, lenient && type === 'string' && isScalar(value) ? toText(value) : value)
  }
  if (systemAttributes.some((each) => each.name === name))
    return { problem: 'is kept by the product: it cannot be set' }
  return { problem: 'is not declared: declare it among the attributes first' }
}

function isScalar(value: Json): boolean {
  return typeof value === 'number' || typeof value === 'boolean'
}
