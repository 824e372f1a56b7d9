import { getConsent, type ContactConsent } from '../consent/find-consent.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { systemAttributes } from '../model/contact-attributes.ts'
import type { AttributeType } from '../model/event-attributes.ts'
import type { Json } from '../model/json.ts'
import { loadContactView } from './contact-view.ts'
import { listDefinitions } from './attribute-definitions.ts'
import { getContact, type ContactDetail } from './find-contacts.ts'

/** One of a contact's values with what it is called. */
export interface ShownAttribute {
  name: string
  label: string
  type: AttributeType
  kind: 'system' | 'custom'
  value: Json
}
export interface ContactProfile {
  contact: ContactDetail
  attributes: ShownAttribute[]
  consent: ContactConsent
  segments: { id: string; name: string; kind: 'static' | 'live'; enteredAt: string }[]
  journeys: {
    runId: string
    journeyId: string
    name: string
    state: string
    startedAt: string
    endedAt: string | null
  }[]
  conversations: {
    id: string
    numberId: string
    number: string
    lastMessageAt: string | null
    windowEndsAt: string | null
    windowOpen: boolean
  }[]
  orders: {
    id: string
    status: string
    items: number
    total: number | null
    currency: string | null
    placedAt: string
  }[]
  counts: {
    messagesIn: number
    messagesOut: number
    events: number
    notes: number
    orders: number
    runs: number
    segments: number
  }
}

/** Of what can be many, the newest; the rest is in lists of its own. */
const shown = 50

/** A contact all round: of one that was merged into another, that other. */
export async function getProfile(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  contactId: string,
): Promise<ContactProfile> {
  const em = forkFor(deps.orm, workspaceId)
  const view = await loadContactView(em, workspaceId, contactId)
  const [row] = await em.execute<Omit<ContactProfile, 'contact' | 'attributes' | 'consent'>[]>(profileSql, [
    workspaceId,
    view.id,
  ])
  const custom = await listDefinitions(em, workspaceId)
  const valueOf = (name: string): Json => view[name] ?? null
  return {
    contact: await getContact(deps, workspaceId, view.id),
    consent: await getConsent(deps, workspaceId, view.id),
    attributes: [
      ...systemAttributes.map(({ name, label, type }) => ({
        ...{ name, label, type, kind: 'system' as const },
        value: valueOf(name),
      })),
      ...custom.map(({ name, label, type }) => ({
        ...{ name, label, type, kind: 'custom' as const },
        value: view.attributes[name] ?? null,
      })),
    ],
    ...(row as Omit<ContactProfile, 'contact' | 'attributes' | 'consent'>),
  }
}

const list = (query: string) =>
  `coalesce((select jsonb_agg(to_jsonb(x)) from (${query} limit ${shown}) x), '[]')`
const count = (table: string, and = '') =>
  `(select count(*)::int from ${table} t where t.contact_id = c.id and t.workspace_id = c.workspace_id ${and})`

const profileSql = `select
  ${list(`select s.id, s.name, s.kind, ${isoTime('m.entered_at')} as "enteredAt" from segment_members m
    join segments s on s.id = m.segment_id and s.deleted_at is null where m.contact_id = c.id order by s.name, s.id`)} as segments,
  ${list(`select r.id as "runId", r.journey_id as "journeyId", j.name, r.state, ${isoTime('r.started_at')} as "startedAt",
      ${isoTime('r.ended_at')} as "endedAt"
    from runs r join journeys j on j.id = r.journey_id where r.contact_id = c.id order by r.started_at desc, r.id desc`)} as journeys,
  ${list(`select v.id, v.number_id as "numberId", n.display_number as number, ${isoTime('v.last_message_at')} as "lastMessageAt",
      ${isoTime('v.window_ends_at')} as "windowEndsAt", coalesce(v.window_ends_at > now(), false) as "windowOpen"
    from conversations v join phone_numbers n on n.id = v.number_id
    where v.contact_id = c.id order by v.last_message_at desc nulls last, v.id`)} as conversations,
  ${list(`select o.id, o.status, o.items, o.total::float8 as total, o.currency, ${isoTime('o.placed_at')} as "placedAt"
    from orders o where o.contact_id = c.id order by o.placed_at desc, o.id desc`)} as orders,
  jsonb_build_object('messagesIn', ${count('messages', `and t.direction = 'in'`)}, 'messagesOut', ${count('messages', `and t.direction = 'out'`)},
    'events', ${count('events')}, 'notes', ${count('contact_notes')}, 'orders', ${count('orders')}, 'runs', ${count('runs')},
    'segments', ${count('segment_members')}) as counts
  from contacts c where c.workspace_id = ? and c.id = ?`
