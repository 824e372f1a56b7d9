import { judgeAnew } from '../contacts/tell-of-contacts.ts'
import { recordConsent } from '../consent/record-consent.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import { listEventInterests } from '../events/event-interests.ts'
import { noteChanges } from '../events/note-changes.ts'
import { insertEvents, recordEvents, type ContactEvent } from '../events/record-events.ts'
import { listTriggerInterests } from '../journeys/trigger-interests.ts'
import { categoriesOf } from '../model/consent.ts'
import type { Json } from '../model/json.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { changeMembers } from '../segments/change-members.ts'
import { lockImport, type ImportRow } from './imports.ts'
import type { SliceDeps, SliceInput, SliceResult } from './import-rows.ts'

/** Contacts a transaction. */
const contactsAPage = 2_000
const sliceMs = 5_000

interface TouchedContact {
  contact_id: string
  outcome: 'created' | 'updated' | 'unchanged' | 'skipped'
  fact_id: string | null
  changes: Record<string, { old: Json; new: Json }> | null
  tags: string[] | null
  opt_in: boolean | null
}

/** What follows from the rows, for some seconds: events, live segments, consents, static segments. */
export async function spreadImport(
  deps: SliceDeps,
  { workspaceId, importId }: SliceInput,
): Promise<SliceResult> {
  const until = Date.now() + sliceMs
  for (;;) {
    const page = await forkFor(deps.orm, workspaceId).transactional((em) =>
      spreadPage(em, workspaceId, importId),
    )
    relaySoon(deps, page.outbox)
    deps.beat(page.words)
    if (page.done || Date.now() > until) return { done: page.done, words: page.words }
  }
}

async function spreadPage(
  em: Em,
  workspaceId: string,
  importId: string,
): Promise<SliceResult & { outbox: OutboxRow[] }> {
  const imported = await lockImport(em, workspaceId, importId)
  const { progress } = imported
  const words = wordsOf(progress.spread, progress.accepted)
  if (imported.state !== 'running' || imported.stage !== 'effects') return { done: true, words, outbox: [] }
  if (await isPlain(em, imported)) return spreadPlainly(em, imported)
  const touched = await em.execute<TouchedContact[]>(
    `select contact_id, outcome, fact_id, changes, to_jsonb(tags) as tags, opt_in from import_contacts
     where import_id = ? and (?::uuid is null or contact_id > ?) order by contact_id limit ${contactsAPage}`,
    [importId, imported.afterContact, imported.afterContact],
  )
  const outbox = [
    ...(await tellOfChanges(em, workspaceId, touched)),
    ...(await giveConsent(em, imported, touched)),
    ...(await addToSegments(em, imported, touched)),
  ]
  const isLast = touched.length < contactsAPage
  await moveOn(em, imported, touched.length, isLast ? null : (touched.at(-1)?.contact_id ?? null))
  return { done: isLast, words, outbox }
}

/** Nobody listens, and there is nothing to be done but to write the events down. */
async function isPlain(em: Em, { workspaceId, plan }: ImportRow): Promise<boolean> {
  if (plan.consent || plan.segmentIds.length > 0) return false
  const live = await em.execute<object[]>(
    `select 1 from segments where workspace_id = ? and kind = 'live' and deleted_at is null limit 1`,
    [workspaceId],
  )
  return live.length === 0 && !(await isAwaited(em, workspaceId, eventTypes))
}

const eventTypes = ['contact_created', 'attribute_changed', 'tag_added']
const contactsAPlainPage = 20_000

async function spreadPlainly(em: Em, imported: ImportRow): Promise<SliceResult & { outbox: OutboxRow[] }> {
  const { id, workspaceId, afterContact, progress } = imported
  const [page] = await em.execute<{ n: number; last: string | null }[]>(
    `with page as materialized (
       select * from import_contacts where import_id = ? and (?::uuid is null or contact_id > ?)
       order by contact_id limit ${contactsAPlainPage}),
     told as (
       insert into events (id, workspace_id, contact_id, type, attributes, at)
       select uuidv7(), ?, p.contact_id, n.type, n.attributes, date_trunc('milliseconds', now())
       from page p cross join lateral (
         select 'contact_created' as type, '{"source": "import"}'::jsonb as attributes where p.outcome = 'created'
         union all
         select 'attribute_changed', jsonb_build_object('name', c.key, 'old', c.value -> 'old', 'new', c.value -> 'new')
         from jsonb_each(p.changes) c
         union all
         select 'tag_added', jsonb_build_object('tag', t) from unnest(p.tags) t) n)
     select count(*)::int as n, (array_agg(contact_id order by contact_id desc))[1] as last from page`,
    [id, afterContact, afterContact, workspaceId],
  )
  const told = page?.n ?? 0
  const isLast = told < contactsAPlainPage
  await moveOn(em, imported, told, isLast ? null : (page?.last ?? null))
  return { done: isLast, words: wordsOf(progress.spread + told, progress.accepted), outbox: [] }
}

function wordsOf(spread: number, accepted: number): string {
  return `${spread} of ${accepted} contacts told on`
}

/** Behind the last contact of a page, or to the next stage. */
async function moveOn(em: Em, imported: ImportRow, told: number, after: string | null): Promise<void> {
  await em.execute(
    `update imports set after_contact = ?, spread = spread + ?, stage = ?, updated_at = now()
     where workspace_id = ? and id = ?`,
    [after, told, after === null ? 'journeys' : 'effects', imported.workspaceId, imported.id],
  )
}

/** Events as every other change of a contact makes them; new contacts are judged by every live segment. */
async function tellOfChanges(em: Em, workspaceId: string, touched: TouchedContact[]): Promise<OutboxRow[]> {
  const changed = touched.filter(({ fact_id }) => fact_id !== null)
  if (changed.length === 0) return []
  const made = changed.filter(({ outcome }) => outcome === 'created')
  const others = changed.filter(({ outcome }) => outcome !== 'created')
  if (made.length > 0) await judgeAnew(em, workspaceId, made.map(namesOf))
  await noteChanges(
    em,
    workspaceId,
    others.map((contact) => ({ ...namesOf(contact), keys: keysOf(contact) })),
  )
  const types = new Set(changed.flatMap(eventTypesOf))
  if (await isAwaited(em, workspaceId, [...types]))
    return recordEvents(em, workspaceId, changed.flatMap(eventsOf))
  // Events that nobody waits for are rows and nothing else.
  const events = changed.flatMap(eventsOf).map((event) => ({ ...event, id: newId() }))
  await insertEvents(em, workspaceId, events)
  return []
}

function namesOf({ contact_id, fact_id }: TouchedContact): { contactId: string; causeId: string } {
  return { contactId: contact_id, causeId: fact_id ?? '' }
}

function keysOf({ changes, tags }: TouchedContact): string[] {
  return [...Object.keys(changes ?? {}).map((name) => `attribute:${name}`), ...(tags ? ['tag'] : [])]
}

function eventTypesOf({ outcome, changes, tags }: TouchedContact): string[] {
  return [
    ...(outcome === 'created' ? ['contact_created'] : []),
    ...(changes ? ['attribute_changed'] : []),
    ...(tags ? ['tag_added'] : []),
  ]
}

function eventsOf(contact: TouchedContact): ContactEvent[] {
  const { outcome, changes, tags } = contact
  const said = { ...namesOf(contact), atMs: Date.now() }
  return [
    ...(outcome === 'created'
      ? [{ ...said, type: 'contact_created', attributes: { source: 'import' } }]
      : []),
    ...Object.entries(changes ?? {}).map(([name, change]) => ({
      ...said,
      type: 'attribute_changed',
      attributes: { name, old: change.old, new: change.new },
    })),
    ...(tags ?? []).map((tag) => ({ ...said, type: 'tag_added', attributes: { tag } })),
  ]
}

/** Whether a run, a trigger or a live segment listens to such events: nearly always none does. */
async function isAwaited(em: Em, workspaceId: string, types: string[]): Promise<boolean> {
  if ((await listEventInterests(em, workspaceId, types)).size > 0) return true
  // Triggers of this type name no event.
  return (
    types.includes('attribute_changed') &&
    (await listTriggerInterests(em, workspaceId)).has('attribute-changed')
  )
}

async function giveConsent(em: Em, imported: ImportRow, touched: TouchedContact[]): Promise<OutboxRow[]> {
  const { plan, workspaceId, factId, by } = imported
  const { consent } = plan
  if (!consent) return []
  const { category, source, text, from } = consent
  const outbox: OutboxRow[] = []
  for (const state of ['opted_in', 'opted_out'] as const) {
    const said = touched.filter(({ outcome, opt_in }) => outcome !== 'skipped' && saysSo(state, from, opt_in))
    const all = said.map(({ contact_id }) => contact_id)
    const contactIds = state === 'opted_in' ? await withoutRefusals(em, imported, all) : all
    if (contactIds.length === 0) continue
    const atMs = Date.now()
    outbox.push(
      ...(await recordConsent(em, {
        ...{ workspaceId, contactIds, category, state, source, text, atMs, by },
        causeId: factId,
      })),
    )
  }
  return outbox
}

function saysSo(state: 'opted_in' | 'opted_out', from: 'column' | 'all', optIn: boolean | null): boolean {
  return from === 'all' ? state === 'opted_in' : optIn === (state === 'opted_in')
}

/** Who has opted out stays so: that a file says otherwise is not their word, and nobody knows how old it is. */
async function withoutRefusals(em: Em, { workspaceId, plan }: ImportRow, ids: string[]): Promise<string[]> {
  const rows = await em.execute<{ contact_id: string }[]>(
    `select distinct contact_id from consents where workspace_id = ? and state = 'opted_out'
       and contact_id in (select jsonb_array_elements_text(?::jsonb)::uuid)
       and category in (select jsonb_array_elements_text(?::jsonb))`,
    [workspaceId, JSON.stringify(ids), JSON.stringify(categoriesOf(plan.consent?.category ?? 'all'))],
  )
  const refused = new Set(rows.map((row) => row.contact_id))
  return ids.filter((id) => !refused.has(id))
}

async function addToSegments(em: Em, imported: ImportRow, touched: TouchedContact[]): Promise<OutboxRow[]> {
  const { plan, workspaceId, factId, by } = imported
  if (plan.segmentIds.length === 0) return []
  const segments = await em.execute<{ id: string; name: string }[]>(
    `select id, name from segments where workspace_id = ? and kind = 'static' and deleted_at is null
       and id in (select jsonb_array_elements_text(?::jsonb)::uuid) order by id`,
    [workspaceId, JSON.stringify(plan.segmentIds)],
  )
  const entered = touched
    .filter(({ outcome }) => outcome !== 'skipped')
    .map(({ contact_id, fact_id }) => ({ contactId: contact_id, causeId: fact_id ?? factId }))
  const outbox: OutboxRow[] = []
  for (const segment of segments)
    outbox.push(...(await changeMembers(em, workspaceId, segment, { entered, left: [] }, by)))
  return outbox
}
