import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { parseAttributeText } from '../model/attribute-text.ts'
import {
  attributeNameProblem,
  isWritableAttribute,
  readAttribute,
  readSystemAttribute,
  writableAttributes,
  type Reading,
} from '../model/contact-attributes.ts'
import { AppError, type FieldError } from '../model/errors.ts'
import type { AttributeType } from '../model/event-attributes.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { toText } from '../model/json.ts'
import { toWaId } from '../model/phone.ts'
import { declareAttributes, listDefinitions, lockDefinitions } from './attribute-definitions.ts'
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
 * @returns their ids, each once
 */
export async function upsertByPhone(
  deps: Deps,
  { workspaceId, people, by }: { workspaceId: string; people: GivenPerson[]; by: string },
): Promise<string[]> {
  const known = await listKnown(forkFor(deps.orm, workspaceId), workspaceId)
  const missing = addUndeclared(known, people)
  const fields: FieldError[] = []
  // Of what is said of one number several times the last counts.
  const ready = new Map<string, JsonObject>()
  people.forEach(({ phone, attributes }, at) => {
    const waId = toWaId(phone)
    if (waId === undefined)
      fields.push({ field: `people.${at}.phone`, message: `"${phone}" is no phone number` })
    const read = readAttributes(attributes, known, (name, message) =>
      fields.push({ field: `people.${at}.${name}`, message }),
    )
    ready.set(waId ?? phone, { ...ready.get(waId ?? phone), ...read })
  })
  if (fields.length > 0)
    throw new AppError(
      'invalid_input',
      fields.map(({ field, message }) => `${field}: ${message}`).join('; '),
      {
        fields,
      },
    )
  await declare(deps, workspaceId, missing)
  const persons = [...ready].map(([waId, attributes]) => ({ waId, attributes }))
  const ids: string[] = []
  for (let from = 0; from < persons.length; from += width) {
    const some = persons.slice(from, from + width)
    const saved = await Promise.all(some.map((person) => saveContact(deps, { workspaceId, by, ...person })))
    ids.push(...saved.map(({ contactId }) => contactId))
  }
  return ids
}

interface Known {
  name: string
  type: AttributeType | undefined
}

/** Two spellings of a new name are one. @returns the names to declare */
function addUndeclared(known: Map<string, Known>, people: GivenPerson[]): string[] {
  const names = people.flatMap(({ attributes }) => Object.keys(definedOf(attributes)))
  return names.filter((name) => {
    if (known.has(fold(name))) return false
    known.set(fold(name), { name, type: 'string' })
    return true
  })
}

/** Unless another call has done it meanwhile. */
async function declare({ orm }: Pick<Deps, 'orm'>, workspaceId: string, names: string[]): Promise<void> {
  if (names.length === 0) return
  await forkFor(orm, workspaceId).transactional(async (em) => {
    await lockDefinitions(em, workspaceId)
    const known = await listKnown(em, workspaceId)
    const missing = names.filter((name) => !known.has(fold(name)))
    if (missing.length === 0) return
    const wanted = missing.map((name) => ({ name, type: 'string' as const }))
    await declareAttributes(em, workspaceId, wanted)
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
    const reading = readOne(found, value)
    if ('problem' in reading) refuse(given, reading.problem)
    else read[found.name] = reading.value
  }
  return read
}

function readOne({ name, type }: Known, value: Json): Reading {
  if (type === undefined || isWritableAttribute(name))
    return isWritableAttribute(name) ? readSystemAttribute(name, toText(value)) : { value: toText(value) }
  const problem = attributeNameProblem(name)
  if (problem !== undefined) return { problem }
  if (typeof value === 'string') return parseAttributeText(type, value, {})
  return readAttribute(type, type === 'string' && typeof value !== 'object' ? toText(value) : value)
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
