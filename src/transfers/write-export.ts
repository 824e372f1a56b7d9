import { recipientLines } from '../campaign-reports/export-recipients.ts'
import { findCertifiedRun } from '../campaign-reports/find-certified-run.ts'
import type { RouteContext } from '../kit/route.ts'
import { listMatching } from '../contacts/query-contacts.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { csvLine } from '../kit/csv.ts'
import { isWritableAttribute, systemAttributes } from '../model/contact-attributes.ts'
import { toText, type Json, type JsonObject } from '../model/json.ts'
import {
  findExport,
  listContactColumns,
  type ContactsRequest,
  type EventsRequest,
  type ExportRequest,
  type RecipientsRequest,
} from './exports.ts'
import { sendCsv } from '../kit/send-csv.ts'

/**
 * Rows a question. Between two questions nothing is held: a client that takes an hour, or goes away, keeps no connection,
 * no transaction and no lock. Whoever is made after the first question is not in the file.
 */
const rowsAPage = 2_000
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

type ExportDeps = Pick<Deps, 'orm'>

export async function writeExport(
  deps: ExportDeps,
  { workspaceId, exportId }: { workspaceId: string; exportId: string },
  request: RouteContext['request'],
): Promise<void> {
  const found = await findExport(forkFor(deps.orm, workspaceId), workspaceId, exportId)
  const wanted = found.request
  const lines = () => linesOf(deps, workspaceId, wanted)
  await sendCsv(request, { name: `${found.name}.csv`, byteOrderMark: wanted.byteOrderMark }, lines)
}

function linesOf(
  deps: ExportDeps,
  workspaceId: string,
  request: ExportRequest,
): AsyncGenerator<string, void> {
  switch (request.what) {
    case 'contacts':
      return contactLines(deps, workspaceId, request)
    case 'events':
      return eventLines(deps, workspaceId, request)
    case 'recipients':
      return linesOfRun(deps, workspaceId, request)
  }
}

async function* linesOfRun(
  deps: ExportDeps,
  workspaceId: string,
  { runId, outcome, delimiter }: RecipientsRequest,
): AsyncGenerator<string, void> {
  yield* recipientLines(deps, await findCertifiedRun(deps, workspaceId, runId), { outcome, delimiter })
}

async function* contactLines(
  deps: ExportDeps,
  workspaceId: string,
  request: ContactsRequest,
): AsyncGenerator<string, void> {
  const em = forkFor(deps.orm, workspaceId)
  const known = await listContactColumns(em, workspaceId)
  const columns = request.columns ?? known
  const { search, tag, delimiter } = request
  const filter = { workspaceId, search, tag, condition: conditionOf(request) }
  yield csvLine(columns, delimiter)
  let before = lastId
  for (;;) {
    const ids = await listMatching(em, filter, before, rowsAPage)
    for (const contact of await loadContacts(em, workspaceId, ids))
      yield csvLine(
        columns.map((column) => cellOf(contact, column)),
        delimiter,
      )
    before = ids.at(-1) ?? before
    if (ids.length < rowsAPage) return
  }
}

function conditionOf({ condition, segmentId }: ContactsRequest): ContactsRequest['condition'] {
  if (segmentId === undefined) return condition
  const member = { kind: 'segment' as const, segmentId, member: true }
  return condition ? { kind: 'and', conditions: [member, condition] } : member
}

type ContactCells = Record<string, Json> & { attributes: JsonObject }

const systemNames = new Set(systemAttributes.map(({ name }) => name))
const writable = [...systemNames].filter(isWritableAttribute)
const identity = (
  kind: string,
) => `(select i.value from identities i where i.contact_id = c.id and i.kind = '${kind}'
  and i.valid_to is null order by i.valid_from desc limit 1)`

async function loadContacts(em: Em, workspaceId: string, ids: string[]): Promise<ContactCells[]> {
  return em.execute<ContactCells[]>(
    `select c.id, ${writable.map((name) => `c.${name}::text`).join(', ')}, c.attributes, to_jsonb(c.tags) as tags, c.source,
       '+' || ${identity('wa_id')} as phone, ${identity('wa_id')} as wa_id, ${identity('username')} as username,
       ${identity('external')} as external_customer_id, c.spam_at is not null as spam,
       (select bool_or(s.state = 'opted_in') from consents s where s.contact_id = c.id) as whatsapp_opted,
       ${isoTime('c.created_at')} as created_at, ${isoTime('c.last_seen_at')} as last_seen_at
     from contacts c where c.workspace_id = ? and c.id in (select jsonb_array_elements_text(?::jsonb)::uuid)
     order by c.id desc`,
    [workspaceId, JSON.stringify(ids)],
  )
}

/** Lists as an import reads them: tags by commas, other lists as JSON. */
function cellOf(contact: ContactCells, column: string): string {
  const value = column === 'id' || systemNames.has(column) ? contact[column] : contact.attributes[column]
  if (column === 'tags' && Array.isArray(value)) return value.map(toText).join(',')
  return toText(value)
}

interface EventRow {
  id: string
  exact_at: string
  at: string
  type: string
  contact_id: string
  attributes: JsonObject
}

const eventColumns = ['id', 'at', 'type', 'contact_id', 'attributes']

async function* eventLines(
  deps: ExportDeps,
  workspaceId: string,
  request: EventsRequest,
): AsyncGenerator<string, void> {
  const { type, contactId, from, to, delimiter } = request
  yield csvLine(eventColumns, delimiter)
  // To the microsecond: thousands of events may be of one statement, and so of one time.
  const source = contactId === undefined ? 'events' : 'contact_events'
  let after = { exact_at: from ?? '-infinity', id: '00000000-0000-0000-0000-000000000000', type: '' }
  for (;;) {
    const events = await forkFor(deps.orm, workspaceId).execute<EventRow[]>(
      `select e.id, e.at::text as exact_at, ${isoTime('e.at')} as at, e.type, e.contact_id, e.attributes from ${source} e
       where e.workspace_id = ? and (?::uuid is null or e.contact_id = ?) and (?::text is null or e.type = ?)
         and (e.at, e.id, e.type) > (?::timestamptz, ?::uuid, ?) and e.at < ?::timestamptz
       order by e.at, e.id, e.type limit ${rowsAPage}`,
      [
        ...[workspaceId, contactId ?? null, contactId ?? null, type ?? null, type ?? null],
        ...[after.exact_at, after.id, after.type, to ?? 'infinity'],
      ],
    )
    for (const { id, at, type: name, contact_id, attributes } of events)
      yield csvLine([id, at, name, contact_id, toText(attributes)], delimiter)
    after = events.at(-1) ?? after
    if (events.length < rowsAPage) return
  }
}
