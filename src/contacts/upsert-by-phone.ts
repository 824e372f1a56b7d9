import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { parseAttributeText } from '../model/attribute-text.ts'
import { isWritableAttribute, writableAttributes } from '../model/contact-attributes.ts'
import { AppError, type FieldError } from '../model/errors.ts'
import type { AttributeType } from '../model/event-attributes.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { toText } from '../model/json.ts'
import { toWaId } from '../model/phone.ts'
import { declareAttributes, listDefinitions } from './attribute-definitions.ts'
import { saveContact } from './save-contact.ts'

/** A person by phone number, with attributes by names that are written this way or that. */
export interface GivenPerson {
  phone: string
  attributes: JsonObject
}

/** So many are saved at a time. */
const width = 8

/**
 * Creates or updates many people. An attribute is the one of its name whatever its case, `_` and `-`; one that nobody has
 * declared is declared as a text. All are refused, each wrong value named, when one is.
 * @returns their ids, in the order given
 */
export async function upsertByPhone(
  deps: Deps,
  { workspaceId, people, by }: { workspaceId: string; people: GivenPerson[]; by: string },
): Promise<string[]> {
  const known = await knowAttributes(deps, workspaceId, people)
  const fields: FieldError[] = []
  const ready = people.map(({ phone, attributes }, at) => {
    const waId = toWaId(phone)
    if (waId === undefined)
      fields.push({ field: `people.${at}.phone`, message: `"${phone}" is no phone number` })
    const read = readAttributes(attributes, known, (name, message) =>
      fields.push({ field: `people.${at}.${name}`, message }),
    )
    return { waId, attributes: read }
  })
  if (fields.length > 0)
    throw new AppError(
      'invalid_input',
      fields.map(({ field, message }) => `${field}: ${message}`).join('; '),
      {
        fields,
      },
    )
  const ids: string[] = []
  for (let from = 0; from < ready.length; from += width) {
    const some = ready.slice(from, from + width)
    const saved = await Promise.all(some.map((person) => saveContact(deps, { workspaceId, by, ...person })))
    ids.push(...saved.map(({ contactId }) => contactId))
  }
  return ids
}

interface Known {
  name: string
  type: AttributeType | undefined
}

async function knowAttributes(
  { orm }: Pick<Deps, 'orm'>,
  workspaceId: string,
  people: GivenPerson[],
): Promise<Map<string, Known>> {
  const names = [...new Set(people.flatMap(({ attributes }) => Object.keys(definedOf(attributes))))]
  return forkFor(orm, workspaceId).transactional(async (em) => {
    const known = await listKnown(em, workspaceId)
    const missing = names.filter((name) => !known.has(fold(name)))
    if (missing.length === 0) return known
    await declareAttributes(
      em,
      workspaceId,
      missing.map((name) => ({ name, type: 'string' as const })),
    )
    return listKnown(em, workspaceId)
  })
}

async function listKnown(em: Em, workspaceId: string): Promise<Map<string, Known>> {
  const custom = await listDefinitions(em, workspaceId)
  return new Map<string, Known>([
    ...custom.map(({ name, type }) => [fold(name), { name, type }] as const),
    ...writableAttributes.map((name) => [fold(name), { name, type: undefined }] as const),
    // What others call a person's name.
    ['username', { name: 'name', type: undefined }],
  ])
}

function readAttributes(
  attributes: JsonObject,
  known: Map<string, Known>,
  refuse: (name: string, message: string) => void,
): JsonObject {
  const read: JsonObject = {}
  for (const [given, value] of Object.entries(definedOf(attributes))) {
    const found = known.get(fold(given))
    if (!found) continue
    if (found.type === undefined || isWritableAttribute(found.name)) read[found.name] = toText(value)
    else {
      const reading = typeof value === 'string' ? parseAttributeText(found.type, value, {}) : { value }
      if ('problem' in reading) refuse(given, reading.problem)
      else read[found.name] = reading.value
    }
  }
  return read
}

/** An empty value says nothing. */
function definedOf(attributes: JsonObject): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(attributes).filter(([, value]) => value !== null && value !== '' && value !== undefined),
  )
}

function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '')
}
