import { exactTime, isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { systemEvents } from '../model/system-events.ts'

/** An event as the API shows one. */
export interface EventView {
  /** Of an event that a message tells: the message's id. */
  id: string
  contactId: string
  type: string
  attributes: JsonObject
  at: string
  /** The same to the microsecond, as it is sorted by: what a cursor is made of. */
  exactAt: string
}

export interface EventFilter {
  workspaceId: string
  contactId?: string | undefined
  /** Of what happened in a chat, only what happened with this number of ours. */
  numberId?: string | undefined
  type?: string | undefined
  /** What the product tells by itself, or what other systems told. */
  kind?: 'system' | 'custom' | undefined
  from?: string | undefined
  to?: string | undefined
  /** The last event of the page before. */
  before?: Pick<EventView, 'exactAt' | 'id' | 'type'> | undefined
  limit: number
}

const columns = `e.id, e.contact_id as "contactId", e.type, e.attributes, ${isoTime('e.at')} as at,
  ${exactTime('e.at')} as "exactAt"`
const systemNames = JSON.stringify(Object.keys(systemEvents))

/** Events of messages are found by the message, those of conversations name theirs; others happened with no number. */
const withNumber = `not exists (select 1 from messages m where m.id = e.id and m.number_id <> ?)
  and case when e.type in ('conversation_opened', 'conversation_closed') then exists (select 1 from conversations v
    where v.id = (e.attributes ->> 'conversation_id')::uuid and v.number_id = ?) else true end`

/**
 * Newest first. Of one contact: everything, messages too. Of the whole workspace: what has a row of its own, which leaves
 * the messages' events out.
 */
export async function listEvents(deps: Pick<Deps, 'orm'>, filter: EventFilter): Promise<EventView[]> {
  const { workspaceId, contactId, before } = filter
  const clauses = ['e.workspace_id = ?']
  const params: (string | number)[] = [workspaceId]
  const where = (sql: string, ...values: (string | number)[]) => {
    clauses.push(sql)
    params.push(...values)
  }
  if (contactId !== undefined) where('e.contact_id = ?', contactId)
  if (filter.type !== undefined) where('e.type = ?', filter.type)
  if (filter.kind) {
    const not = filter.kind === 'custom' ? 'not ' : ''
    where(`${not}e.type in (select jsonb_array_elements_text(?::jsonb))`, systemNames)
  }
  if (filter.numberId !== undefined) where(withNumber, filter.numberId, filter.numberId)
  if (filter.from !== undefined) where('e.at >= ?::timestamptz', filter.from)
  if (filter.to !== undefined) where('e.at < ?::timestamptz', filter.to)
  if (before)
    where('(e.at, e.id, e.type) < (?::timestamptz, ?::uuid, ?)', before.exactAt, before.id, before.type)
  const source = contactId === undefined ? 'events' : 'contact_events'
  return forkFor(deps.orm, workspaceId).execute<EventView[]>(
    `select ${columns} from ${source} e where ${clauses.join(' and ')} order by e.at desc, e.id desc, e.type desc limit ?`,
    [...params, filter.limit],
  )
}

/** One event that has a row of its own; with `custom`, one that another system told. */
export async function getEvent(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  id: string,
  kind?: 'custom',
): Promise<EventView> {
  const [event] = await forkFor(deps.orm, workspaceId).execute<EventView[]>(
    `select ${columns} from events e where e.workspace_id = ? and e.id = ?
       and (?::text is null or e.type not in (select jsonb_array_elements_text(?::jsonb)))`,
    [workspaceId, id, kind ?? null, systemNames],
  )
  if (!event) throw new AppError('not_found', `event ${id} does not exist`)
  return event
}

export interface EventSummary {
  type: string
  count: number
  firstAt: string
  lastAt: string
  /** Of the latest one. */
  attributes: JsonObject
}

/** How often each event happened to a contact, first and last, by type. */
export async function summarizeEvents(
  deps: Pick<Deps, 'orm'>,
  input: Omit<EventFilter, 'before' | 'limit'> & { contactId: string },
): Promise<EventSummary[]> {
  const { workspaceId, contactId, numberId = null, type = null, kind = null, from = null, to = null } = input
  return forkFor(deps.orm, workspaceId).execute<EventSummary[]>(
    `select e.type, count(*)::int as count, ${isoTime('min(e.at)')} as "firstAt", ${isoTime('max(e.at)')} as "lastAt",
       (array_agg(e.attributes order by e.at desc, e.id desc))[1] as attributes
     from contact_events e where e.workspace_id = ? and e.contact_id = ? and (?::text is null or e.type = ?)
       and (?::text is null or (? = 'system') = (e.type in (select jsonb_array_elements_text(?::jsonb))))
       and (?::timestamptz is null or e.at >= ?::timestamptz) and (?::timestamptz is null or e.at < ?::timestamptz)
       and (?::uuid is null or (${withNumber}))
     group by e.type order by e.type`,
    [
      workspaceId,
      contactId,
      type,
      type,
      kind,
      kind,
      systemNames,
      from,
      from,
      to,
      to,
      ...[numberId, numberId, numberId],
    ],
  )
}
