import { isDeepStrictEqual } from 'node:util'
import { recordFacts } from '../analytics/facts.ts'
import { recordStatements } from '../consent/record-consent.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { recordEvents } from '../events/record-events.ts'
import { writableAttributes } from '../model/contact-attributes.ts'
import type { ConsentCategory } from '../model/consent.ts'
import { AppError } from '../model/errors.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { endDoubledRuns, type RunEnding } from './end-doubled-runs.ts'
import { lockContacts, type LockedContact } from './lock-contact.ts'
import { moveRows } from './move-rows.ts'
import { moveVoice } from './move-voice.ts'
import { judgeAnew } from './tell-of-contacts.ts'

export interface MergeInput {
  workspaceId: string
  /** Who stays. */
  contactId: string
  /** Who becomes the other. */
  otherId: string
  /** Whose value of an attribute counts; where nothing is said the one's who stays, and the other's fills blanks. */
  choices?: Record<string, 'contact' | 'other'> | undefined
  by: string
}
/** One attribute as it was and as the merge left it. */
export interface MergedField {
  name: string
  before: Json
  after: Json
}
export interface MergeResult {
  mergeId: string
  /** Runs of a journey that both were inside: the one that had come less far ends. */
  runs: RunEnding[]
}

/** Makes two contacts one. What belonged to the other is the first one's, row by row, so that it can be taken back. */
export async function mergeContacts(deps: Deps, input: MergeInput): Promise<MergeResult> {
  const { workspaceId, contactId, otherId, by } = input
  if (contactId === otherId) throw refuse('is the contact itself')
  const { mergeId, outbox } = await forkFor(deps.orm, workspaceId).transactional((em) => merge(em, input))
  relaySoon(deps, outbox)
  return { mergeId, runs: await endDoubledRuns(deps, { workspaceId, contactId, by }) }
}

async function merge(em: Em, input: MergeInput): Promise<{ mergeId: string; outbox: OutboxRow[] }> {
  const { workspaceId, contactId, otherId, by } = input
  const { contact, other } = await lockBoth(em, input)
  const mergeId = newId()
  const factId = newId()
  const fields = mergeFields(contact, other, input.choices ?? {})
  const tags = { before: contact.tags, after: [...new Set([...contact.tags, ...other.tags])] }
  await em.execute(
    `insert into contact_merges (id, workspace_id, contact_id, other_id, by, fields, tags, fact_id)
     values (?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?)`,
    [mergeId, workspaceId, contactId, otherId, by, JSON.stringify(fields), JSON.stringify(tags), factId],
  )
  await moveRows(em, { workspaceId, mergeId, contactId, otherId })
  const voices = await moveVoice(em, { workspaceId, mergeId, contactId, otherId })
  await writeFields(em, workspaceId, contactId, fields, tags.after)
  await em.execute(
    'update contacts set merged_into = ?, updated_at = now() where id = ? and workspace_id = ?',
    [contactId, otherId, workspaceId],
  )
  const atMs = Date.now()
  const data = { other: otherId, merge: mergeId, by }
  await recordFacts(em, workspaceId, [{ id: factId, atMs, kind: 'contact.merged', contactId, data }])
  const consent = await keepStricter(em, input, factId, atMs)
  await judgeAnew(em, workspaceId, [{ contactId, causeId: factId }])
  const event = {
    contactId,
    type: 'contact_merged',
    attributes: { other_id: otherId },
    atMs,
    causeId: factId,
  }
  return { mergeId, outbox: [...voices, ...consent, ...(await recordEvents(em, workspaceId, [event]))] }
}

async function lockBoth(
  em: Em,
  { workspaceId, contactId, otherId }: MergeInput,
): Promise<{ contact: LockedContact; other: LockedContact }> {
  const locked = await lockContacts(em, workspaceId, [contactId, otherId])
  const contact = locked.find(({ id }) => id === contactId)
  const other = locked.find(({ id }) => id === otherId)
  if (contact && other) return { contact, other }
  const [row] = await em.execute<{ merged_into: string | null }[]>(
    'select merged_into from contacts where workspace_id = ? and id = ?',
    [workspaceId, contact ? otherId : contactId],
  )
  if (row?.merged_into) {
    const message = `was merged into contact ${row.merged_into} already`
    const field = contact ? 'otherId' : 'id'
    throw new AppError('conflict', `${field}: ${message}`, { fields: [{ field, message }] })
  }
  if (contact) throw refuse(`there is no contact ${otherId}`)
  throw new AppError('not_found', `contact ${contactId} does not exist`)
}

function refuse(message: string): AppError {
  return new AppError('unprocessable', `otherId: ${message}`, { fields: [{ field: 'otherId', message }] })
}

function mergeFields(
  contact: LockedContact,
  other: LockedContact,
  choices: Record<string, 'contact' | 'other'>,
): MergedField[] {
  const mine = valuesOf(contact)
  const theirs = valuesOf(other)
  const unknown = Object.keys(choices).filter(
    (name) => !Object.hasOwn(mine, name) && !Object.hasOwn(theirs, name),
  )
  if (unknown.length > 0) {
    const fields = unknown.map((name) => ({
      field: `choices.${name}`,
      message: 'neither has such an attribute',
    }))
    throw new AppError('invalid_input', 'a choice names what is not there', { fields })
  }
  return Object.keys({ ...mine, ...theirs })
    .map((name): MergedField => {
      const before = mine[name] ?? null
      const their = theirs[name] ?? null
      const after = choices[name] === 'other' ? (their ?? before) : (before ?? their)
      return { name, before, after }
    })
    .filter(({ before, after }) => !isDeepStrictEqual(before, after))
}

/** System attributes by their name, custom ones behind `attributes.`. */
export function valuesOf(contact: LockedContact): JsonObject {
  const system = writableAttributes.map((name) => [name, contact[name]] as const)
  const custom = Object.entries(contact.attributes).map(
    ([name, value]) => [`attributes.${name}`, value] as const,
  )
  return Object.fromEntries([...system, ...custom])
}

/** @param fields what `after` says is written; null empties. */
export async function writeFields(
  em: Em,
  workspaceId: string,
  contactId: string,
  fields: Pick<MergedField, 'name' | 'after'>[],
  tags: string[],
): Promise<void> {
  const columns = fields.filter(({ name }) => !name.startsWith('attributes.'))
  const custom = fields
    .filter(({ name }) => name.startsWith('attributes.'))
    .map(({ name, after }) => [name.slice('attributes.'.length), after] as const)
  const assignments = columns
    .map(({ name }) => (name === 'date_of_birth' ? 'date_of_birth = ?::date, ' : `${name} = ?, `))
    .join('')
  await em.execute(
    `update contacts set ${assignments} attributes = (attributes || ?::jsonb) - array(select jsonb_array_elements_text(?::jsonb)),
       tags = array(select jsonb_array_elements_text(?::jsonb)), updated_at = now() where id = ? and workspace_id = ?`,
    [
      ...columns.map(({ after }) => after as string | null),
      JSON.stringify(Object.fromEntries(custom.filter(([, value]) => value !== null))),
      JSON.stringify(custom.filter(([, value]) => value === null).map(([name]) => name)),
      JSON.stringify(tags),
      contactId,
      workspaceId,
    ],
  )
}

/** What either refused, both have: a merge must not send to anybody who said no. */
async function keepStricter(em: Em, input: MergeInput, causeId: string, atMs: number): Promise<OutboxRow[]> {
  const { workspaceId, contactId, otherId, by } = input
  const refused = await em.execute<{ category: ConsentCategory; text: string | null }[]>(
    `select o.category, o.text from consents o where o.workspace_id = ? and o.contact_id = ? and o.state = 'opted_out'
       and not exists (select 1 from consents s where s.contact_id = ? and s.category = o.category and s.state = 'opted_out')
     order by o.category`,
    [workspaceId, otherId, contactId],
  )
  const { outbox } = await recordStatements(
    em,
    workspaceId,
    refused.map(({ category, text }) => ({
      ...{ contactId, category, source: 'merge', atMs, causeId, by },
      state: 'opted_out' as const,
      ...(text !== null && { text }),
    })),
  )
  await em.execute(
    `update contacts set opted_out_at = coalesce(opted_out_at, (select opted_out_at from contacts where id = ?))
     where id = ? and workspace_id = ?`,
    [otherId, contactId, workspaceId],
  )
  return outbox
}
