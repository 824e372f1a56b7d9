import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { recordFacts, type Fact } from '../analytics/facts.ts'
import type { AwaitedEvent } from '../journeys/event-waits.ts'
import type { Condition } from '../model/conditions.ts'
import type { JsonObject } from '../model/json.ts'
import { countedRows, countingMessages } from '../reports/count-messages.ts'
import { isWanted } from '../reports/reach-goals.ts'

interface Converting {
  at: number
  /** Null of somebody who was held out. */
  message_id: string | null
  run_id: string
  contact_id: string
  campaign: string
  name: string
  condition: Condition | null
  value_attribute: string | null
}

/**
 * Events that a campaign wants of those whom it wrote to, within a time after its message: each person once a run, on the last
 * message before the event. Of those who were held out it is counted too, from when they would have got it. In the transaction that stores the events. Costs one look at an index while no campaign wants
 * any of them.
 */
export async function countConversions(em: Em, workspaceId: string, events: AwaitedEvent[]): Promise<void> {
  if (events.length === 0) return
  const found = await em.execute<Converting[]>(
    `with wanted as materialized (
       select e.at, e.contact_id, e.at_ms, r.id as run_id, c.id as campaign, c.name, w.happened, w.within,
         r.definition #> '{conversion,condition}' as condition, r.definition #>> '{conversion,valueAttribute}' as value_attribute
       from jsonb_to_recordset(?::jsonb) as e(at int, contact_id uuid, type text, at_ms double precision)
       join campaign_runs r on r.workspace_id = ? and r.definition #>> '{conversion,event}' = e.type
       join campaigns c on c.id = r.campaign_id
       cross join lateral (select to_timestamp(e.at_ms / 1000.0) as happened, (r.definition #>> '{conversion,within,amount}')::float8
         * interval '1 second' * (jsonb '{"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}'
         -> (r.definition #>> '{conversion,within,unit}'))::float8 as within) w
       where coalesce(r.ended_at, 'infinity') > w.happened - w.within)
     (select distinct on (w.run_id, w.contact_id) w.at, m.id as message_id, w.run_id, w.contact_id, w.campaign, w.name, w.condition,
       w.value_attribute
     from wanted w join conversations v on v.contact_id = w.contact_id
     join messages m on m.conversation_id = v.id and m.campaign_run_id = w.run_id and m.state = 'accepted'
       and m.accepted_at between w.happened - w.within and w.happened
     where not exists (select 1 from messages o where o.conversation_id = v.id and o.campaign_run_id = w.run_id
       and o.converted_at is not null)
     order by w.run_id, w.contact_id, w.at_ms, w.at, m.accepted_at desc)
     union all
     (select distinct on (w.run_id, w.contact_id) w.at, null, w.run_id, w.contact_id, w.campaign, w.name, w.condition,
       w.value_attribute
     from wanted w join campaign_recipients p on p.run_id = w.run_id and p.contact_id = w.contact_id
       and p.skipped = 'hold_out' and p.converted_at is null and p.due_at between w.happened - w.within and w.happened
     order by w.run_id, w.contact_id, w.at_ms, w.at)`,
    [JSON.stringify(events.map(toRow)), workspaceId],
  )
  const converted: (Converting & { value: number | null })[] = []
  for (const one of found) {
    const event = events[one.at]
    if (event && (await isWanted(em, workspaceId, one.condition, event)))
      converted.push({ ...one, value: valueOf(event.attributes, one.value_attribute) })
  }
  const [got, heldOut] = [converted.filter(hasMessage), converted.filter((one) => !hasMessage(one))]
  if (got.length > 0) await mark(em, workspaceId, events, got)
  if (heldOut.length > 0) await markHeldOut(em, workspaceId, events, heldOut)
}

function hasMessage<T extends Converting>(one: T): one is T & { message_id: string } {
  return one.message_id !== null
}

async function markHeldOut(
  em: Em,
  workspaceId: string,
  events: AwaitedEvent[],
  heldOut: Converting[],
): Promise<void> {
  const rows = heldOut.map(({ at, run_id, contact_id }) => ({
    run_id,
    contact_id,
    at_ms: events[at]?.atMs,
    at,
  }))
  const marked = await em.execute<{ at: number }[]>(
    `with changed as (
       update campaign_recipients p set converted_at = to_timestamp(n.at_ms / 1000.0)
       from jsonb_to_recordset(?::jsonb) as n(run_id uuid, contact_id uuid, at_ms double precision, at int)
       where p.run_id = n.run_id and p.contact_id = n.contact_id and p.workspace_id = ? and p.skipped = 'hold_out'
         and p.converted_at is null returning p.workspace_id, p.run_id, p.contact_id, p.converted_at),
     counted as (
       insert into campaign_deltas (workspace_id, run_id, at, counts)
       select workspace_id, run_id, date_trunc('minute', converted_at), jsonb_build_object('held-converted||', count(*))
       from changed group by 1, 2, 3)
     select n.at from changed join jsonb_to_recordset(?::jsonb) as n(run_id uuid, contact_id uuid, at int)
       using (run_id, contact_id)`,
    [JSON.stringify(rows), workspaceId, JSON.stringify(rows)],
  )
  const which = new Set(marked.map(({ at }) => at))
  const facts = heldOut.flatMap(({ at, run_id: run, campaign, name }): Fact[] => {
    const event = events[at]
    if (!event || !which.has(at)) return []
    const { contactId, causeId } = event
    const data = { campaign, run, name, event: event.type }
    return [{ id: newId(), atMs: Date.now(), kind: 'campaign.held-out-converted', contactId, causeId, data }]
  })
  await recordFacts(em, workspaceId, facts)
}

function toRow({ contactId, type, atMs }: AwaitedEvent, at: number) {
  return { at, contact_id: contactId, type, at_ms: atMs }
}

async function mark(
  em: Em,
  workspaceId: string,
  events: AwaitedEvent[],
  converted: (Converting & { message_id: string; value: number | null })[],
): Promise<void> {
  const rows = converted.map(({ at, message_id, value }) => ({
    id: message_id,
    at_ms: events[at]?.atMs,
    value,
  }))
  const marked = await em.execute<{ id: string }[]>(
    `with changed as (
       update messages m set converted_at = to_timestamp(n.at_ms / 1000.0), converted_micros = n.value
       from jsonb_to_recordset(?::jsonb) as n(id uuid, at_ms double precision, value bigint)
       where m.id = n.id and m.workspace_id = ? and m.converted_at is null returning m.id, ${countedRows}),
     ${countingMessages('changed')}
     select id from changed`,
    [JSON.stringify(rows), workspaceId],
  )
  const ids = new Set(marked.map(({ id }) => id))
  const facts = converted.flatMap(({ at, message_id: message, run_id: run, campaign, name }): Fact[] => {
    const event = events[at]
    if (!event || !ids.has(message)) return []
    const data = { message, campaign, run, name, event: event.type }
    const { contactId, causeId } = event
    return [{ id: newId(), atMs: Date.now(), kind: 'campaign.converted', contactId, causeId, data }]
  })
  await recordFacts(em, workspaceId, facts)
}

/** A number, or one that is written as text; in millionths. */
function valueOf(attributes: JsonObject, name: string | null): number | null {
  if (name === null) return null
  const value = Number(attributes[name] ?? Number.NaN)
  return Number.isFinite(value) && Math.abs(value) < 1e9 ? Math.round(value * 1_000_000) : null
}
