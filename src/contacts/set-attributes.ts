import { isDeepStrictEqual } from 'node:util'
import { recordFacts } from '../analytics/facts.ts'
import { derivedId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { noteChanges } from '../events/note-changes.ts'
import { recordEvents } from '../events/record-events.ts'
import { isWritableAttribute } from '../model/contact-attributes.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { checkContactAttributes, type CheckOptions } from './check-contact-attributes.ts'
import { lockContact, type LockedContact } from './lock-contact.ts'

export interface AttributesInput extends CheckOptions {
  workspaceId: string
  contactId: string
  /** System and custom attributes by name; null empties one. */
  attributes: JsonObject
  runId?: string | undefined
  causeId?: string | undefined
  atMs: number
  by?: string | undefined
}

/** Sets attributes of a contact. The same step may come twice: the second time changes nothing and tells nobody. */
export async function setAttributes(deps: Deps, input: AttributesInput): Promise<void> {
  const outbox = await forkFor(deps.orm, input.workspaceId).transactional((em) => writeAttributes(em, input))
  relaySoon(deps, outbox)
}

/** The same in the caller's transaction. Returns what Temporal must be told after the commit. */
export async function writeAttributes(em: Em, input: AttributesInput): Promise<OutboxRow[]> {
  const { workspaceId, attributes, runId, causeId, atMs, by } = input
  const { system, custom } = await checkContactAttributes(em, workspaceId, attributes, input)
  const contact = await lockContact(em, workspaceId, input.contactId)
  const { id: contactId } = contact
  const id = derivedId(input.contactId, causeId ?? '', ...Object.keys(attributes), 'attributes.set')
  if (await isTold(em, id, atMs)) return []
  const changes = listChanges(contact, { ...system, ...custom })
  if (changes.length === 0) return []
  await storeChanges(em, workspaceId, contactId, changes)
  const data = { names: changes.map(({ name }) => name), ...(by !== undefined && { by }) }
  await recordFacts(em, workspaceId, [{ id, atMs, kind: 'attributes.set', contactId, runId, causeId, data }])
  const keys = changes.map(({ name }) => `attribute:${name}`)
  await noteChanges(em, workspaceId, [{ contactId, keys, causeId: id }])
  return recordEvents(
    em,
    workspaceId,
    changes.map((change) => ({
      contactId,
      type: 'attribute_changed',
      attributes: { ...change },
      atMs,
      causeId: id,
    })),
  )
}

async function isTold(em: Em, factId: string, atMs: number): Promise<boolean> {
  const rows = await em.execute<object[]>(
    'select 1 from facts where id = ? and at = to_timestamp(? / 1000.0)',
    [factId, atMs],
  )
  return rows.length > 0
}

interface AttributeChange {
  name: string
  old: Json
  new: Json
}

function listChanges(contact: LockedContact, wanted: JsonObject): AttributeChange[] {
  return Object.entries(wanted)
    .map(([name, value]) => ({ name, old: valueOf(contact, name), new: value }))
    .filter((change) => !isDeepStrictEqual(change.old, change.new))
}

function valueOf(contact: LockedContact, name: string): Json {
  if (isWritableAttribute(name)) return contact[name]
  return Object.hasOwn(contact.attributes, name) ? (contact.attributes[name] ?? null) : null
}

async function storeChanges(
  em: Em,
  workspaceId: string,
  contactId: string,
  changes: AttributeChange[],
): Promise<void> {
  const columns = changes.filter(({ name }) => isWritableAttribute(name))
  const custom = changes.filter(({ name }) => !isWritableAttribute(name))
  const assignments = columns
    .map(({ name }) => (name === 'date_of_birth' ? 'date_of_birth = ?::date, ' : `${name} = ?, `))
    .join('')
  const set = custom.filter((change) => change.new !== null).map((change) => [change.name, change.new])
  const emptied = custom.filter((change) => change.new === null).map(({ name }) => name)
  await em.execute(
    `update contacts set ${assignments} updated_at = now(),
       attributes = (attributes || ?::jsonb) - array(select jsonb_array_elements_text(?::jsonb))
     where id = ? and workspace_id = ?`,
    [
      ...columns.map((change) => change.new as string | null),
      JSON.stringify(Object.fromEntries(set)),
      JSON.stringify(emptied),
      contactId,
      workspaceId,
    ],
  )
}
