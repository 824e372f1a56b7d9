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
import {
  checkContactAttributes,
  type CheckedAttributes,
  type CheckOptions,
} from './check-contact-attributes.ts'
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
  const { workspaceId, attributes, causeId, atMs } = input
  const checked = await checkContactAttributes(em, workspaceId, attributes, input)
  const contact = await lockContact(em, workspaceId, input.contactId)
  const factId = derivedId(input.contactId, causeId ?? '', ...Object.keys(attributes), 'attributes.set')
  if (await isTold(em, factId, atMs)) return []
  return applyAttributes(em, { ...input, contacts: [contact], checked, factIdOf: () => factId })
}

/** Gives locked contacts the same attributes, all at once. Only real changes are written and told. */
export async function applyAttributes(
  em: Em,
  input: Pick<AttributesInput, 'workspaceId' | 'runId' | 'causeId' | 'atMs' | 'by'> & {
    contacts: LockedContact[]
    checked: CheckedAttributes
    factIdOf: (contactId: string) => string
  },
): Promise<OutboxRow[]> {
  const { workspaceId, contacts, checked, factIdOf, runId, causeId, atMs, by } = input
  const wanted = { ...checked.system, ...checked.custom }
  const changed = contacts
    .map((contact) => ({ contactId: contact.id, changes: listChanges(contact, wanted) }))
    .filter(({ changes }) => changes.length > 0)
    .map((each) => ({ ...each, factId: factIdOf(each.contactId) }))
  if (changed.length === 0) return []
  await store(
    em,
    workspaceId,
    changed.map(({ contactId }) => contactId),
    checked,
  )
  await recordFacts(
    em,
    workspaceId,
    changed.map(({ contactId, changes, factId }) => ({
      ...{ id: factId, atMs, kind: 'attributes.set', contactId, runId, causeId },
      data: { names: changes.map(({ name }) => name), ...(by !== undefined && { by }) },
    })),
  )
  await noteChanges(
    em,
    workspaceId,
    changed.map(({ contactId, changes, factId }) => ({
      ...{ contactId, causeId: factId },
      keys: changes.map(({ name }) => `attribute:${name}`),
    })),
  )
  return recordEvents(
    em,
    workspaceId,
    changed.flatMap(({ contactId, changes, factId }) =>
      changes.map((change) => ({
        ...{ contactId, atMs, causeId: factId },
        type: 'attribute_changed',
        attributes: { ...change },
      })),
    ),
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

async function store(
  em: Em,
  workspaceId: string,
  contactIds: string[],
  { system, custom }: CheckedAttributes,
): Promise<void> {
  const assignments = Object.keys(system)
    .map((name) => (name === 'date_of_birth' ? 'date_of_birth = ?::date, ' : `${name} = ?, `))
    .join('')
  const entries = Object.entries(custom)
  const set = entries.filter(([, value]) => value !== null)
  const emptied = entries.filter(([, value]) => value === null).map(([name]) => name)
  await em.execute(
    `update contacts set ${assignments} updated_at = now(),
       attributes = (attributes || ?::jsonb) - array(select jsonb_array_elements_text(?::jsonb))
     where workspace_id = ? and id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [
      ...Object.values(system),
      JSON.stringify(Object.fromEntries(set)),
      JSON.stringify(emptied),
      workspaceId,
      JSON.stringify(contactIds),
    ],
  )
}
