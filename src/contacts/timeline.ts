import { z } from 'zod'
import type { StoredFact } from '../analytics/why-chain.ts'
import { sayFact } from '../analytics/why-words.ts'
import { exactTime, isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { joined, sql, type Fragment } from '../segments/fragment.ts'
import { toText, type JsonObject } from '../model/json.ts'
import { AppError } from '../model/errors.ts'

/** Which facts tell of what. Messages and events have rows of their own; a run's single cards are left to `why`. */
const factKinds = {
  journey: [
    'run.started',
    'run.stuck',
    'run.resolved',
    'run.paused',
    'run.resumed',
    'run.cancelled',
    'run.ended',
  ],
  attribute: ['attributes.set'],
  tag: ['tags.changed'],
  segment: ['segment.entered', 'segment.left'],
  consent: ['consent.changed'],
  note: ['contact.noted'],
  order: ['order.placed', 'order.changed', 'order.unreadable'],
  contact: [
    ...[
      'contact.created',
      'contact.merged',
      'contact.unmerged',
      'contact.marked',
      'contact.unmarked',
      'contact.erased',
    ],
    ...[
      'identity.added',
      'identity.ended',
      'identity.changed',
      'identity.distrusted',
      'identity.acknowledged',
    ],
  ],
  chat: ['chat.closed', 'window.closed'],
} as const
export const timelineKinds = [
  'message',
  'event',
  'journey',
  'attribute',
  'tag',
  'segment',
  'consent',
  'note',
  'order',
  'contact',
  'chat',
] as const
export type TimelineKind = (typeof timelineKinds)[number]

/** Events that a fact tells of already. */
const toldByFacts = [
  ...[
    'contact_created',
    'contact_merged',
    'attribute_changed',
    'tag_added',
    'tag_removed',
    'note_added',
    'marked_spam',
  ],
  ...['unmarked_spam', 'segment_entered', 'segment_left', 'opted_in', 'opted_out', 'conversation_closed'],
]

export interface TimelineItem {
  id: string
  at: string
  kind: TimelineKind
  /** The fact's kind, the event's type, or the direction of the message. */
  type: string
  words: string
  data: JsonObject
  /** The fact that it followed from. */
  causeId: string | null
  runId: string | null
  sortKey: [string, string]
}

export const timelineCursor = z.tuple([z.iso.datetime(), z.uuid()])

interface Row extends Omit<TimelineItem, 'kind' | 'words' | 'sortKey'> {
  room: 'fact' | 'message' | 'event'
  exact: string
  text: string | null
}

/** Everything of a contact, and of whoever was merged into it, newest first. */
export async function listTimeline(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    contactId: string
    kinds: readonly TimelineKind[] | undefined
    before: [string, string] | undefined
    limit: number
  },
): Promise<TimelineItem[]> {
  const { workspaceId, contactId, kinds = timelineKinds, before, limit } = input
  const em = forkFor(deps.orm, workspaceId)
  const people = await em.execute<{ id: string }[]>(
    `select c.id from contacts o join contacts c on c.id = coalesce(o.merged_into, o.id)
       or c.merged_into = coalesce(o.merged_into, o.id) where o.workspace_id = ? and o.id = ?`,
    [workspaceId, contactId],
  )
  if (people.length === 0) throw new AppError('not_found', `contact ${contactId} does not exist`)
  const asked = { workspaceId, ids: JSON.stringify(people.map(({ id }) => id)), before, limit }
  const sources = [
    factsOf(kinds, asked),
    ...(kinds.includes('message') ? [messagesOf(asked)] : []),
    ...(kinds.includes('event') ? [eventsOf(asked)] : []),
  ].flatMap((source) => (source ? [sql`(${source})`] : []))
  const all: Fragment = {
    ...joined(sources, ' or '),
    sql: sources.map((source) => source.sql).join(' union all '),
  }
  const page = sql`select id, ${raw(isoTime('at'))} as at, ${raw(exactTime('at'))} as exact, room, type, text, data,
    cause_id as "causeId", run_id as "runId" from (${all}) t order by t.at desc, id desc limit ${limit}::int`
  return (await em.execute<Row[]>(page.sql, page.params)).map(toItem)
}

interface Asked {
  workspaceId: string
  ids: string
  before: [string, string] | undefined
  limit: number
}

/** Each person's newest by their own index; whoever reads these takes the newest of all. */
function newestOf(
  { ids, before, limit }: Asked,
  { columns, from, at, where }: { columns: string; from: string; at: string; where: Fragment },
): Fragment {
  const start = before
    ? sql`${raw(at)} <= ${before[0]}::timestamptz and (${raw(at)}, x.id) < (${before[0]}::timestamptz, ${before[1]}::uuid)`
    : sql`true`
  return sql`select n.* from jsonb_array_elements_text(${ids}::jsonb) as p(id) cross join lateral (
    select x.id, ${raw(at)} as at, ${raw(columns)} from ${raw(from)} x
    where x.contact_id = p.id::uuid and ${start} and ${where} order by ${raw(at)} desc, x.id desc limit ${limit}::int) n`
}

function factsOf(kinds: readonly TimelineKind[], asked: Asked): Fragment | undefined {
  const wanted = kinds.flatMap((kind) => (kind in factKinds ? factKinds[kind as keyof typeof factKinds] : []))
  if (wanted.length === 0) return undefined
  return newestOf(asked, {
    columns: `'fact' as room, x.kind as type, null::text as text, x.data, x.cause_id, x.run_id`,
    from: 'facts',
    at: 'x.at',
    where: sql`x.workspace_id = ${asked.workspaceId}::uuid
      and x.kind in (select jsonb_array_elements_text(${JSON.stringify(wanted)}::jsonb))`,
  })
}

function messagesOf(asked: Asked): Fragment {
  return newestOf(asked, {
    columns: `'message' as room, x.direction as type, x.text, jsonb_strip_nulls(jsonb_build_object('conversation', x.conversation_id,
      'type', x.type, 'state', x.state, 'status', x.status, 'reason', x.reason, 'sentAt', ${isoTime('x.sent_at')},
      'deliveredAt', ${isoTime('x.delivered_at')}, 'readAt', ${isoTime('x.read_at')}, 'campaign', x.campaign_id)) as data,
      coalesce(x.cause_id, x.fact_id) as cause_id, x.run_id`,
    from: 'messages',
    at: 'x.created_at',
    where: sql`x.workspace_id = ${asked.workspaceId}::uuid`,
  })
}

function eventsOf(asked: Asked): Fragment {
  return newestOf(asked, {
    columns: `'event' as room, x.type, null::text as text, x.attributes as data, null::uuid as cause_id, null::uuid as run_id`,
    from: 'events',
    at: 'x.at',
    where: sql`x.workspace_id = ${asked.workspaceId}::uuid
      and x.type not in (select jsonb_array_elements_text(${JSON.stringify(toldByFacts)}::jsonb))
      and not (x.type = 'order_placed' and exists (select 1 from orders o where o.workspace_id = x.workspace_id
        and o.id = case when pg_input_is_valid(x.attributes ->> 'order_id', 'uuid')
          then (x.attributes ->> 'order_id')::uuid end))`,
  })
}

function raw(text: string): Fragment {
  return { sql: text, params: [] }
}

function toItem({ room, exact, text, ...row }: Row): TimelineItem {
  return { ...row, kind: kindOf(room, row.type), words: wordsOf(room, text, row), sortKey: [exact, row.id] }
}

function kindOf(room: Row['room'], type: string): TimelineKind {
  if (room !== 'fact') return room
  const found = Object.entries(factKinds).find(([, kinds]) => (kinds as readonly string[]).includes(type))
  return (found?.[0] ?? 'contact') as TimelineKind
}

function wordsOf(room: Row['room'], text: string | null, row: Omit<Row, 'room' | 'exact' | 'text'>): string {
  if (room === 'event') return `the event "${row.type}" happened`
  if (room === 'message') {
    const said = text
      ? `"${text.length > 80 ? `${text.slice(0, 79)}…` : text}"`
      : `a message (${toText(row.data['type'])})`
    if (row.type === 'in') return `the customer wrote ${said}`
    const state = row.data['status'] ?? row.data['state']
    return `${said} was sent to the customer: ${toText(state)}`
  }
  const { id, at, type: kind, causeId, runId, data } = row
  const fact: StoredFact = { id, at, kind, causeId, runId, data }
  return sayFact(fact, () => undefined)
}
