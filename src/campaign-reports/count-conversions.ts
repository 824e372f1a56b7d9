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
  message_id: string
  run_id: string
  campaign: string
  name: string
  condition: Condition | null
  value_attribute: string | null
}

/**
 * Events that a campaign wants of those whom it wrote to, within a time after its message: each person once a run, on the last
 * message before the event. In the transaction that stores the events. Costs one look at an index while no campaign wants
 * any of them.
 */
export async function countConversions(em: Em, workspaceId: string, events: AwaitedEvent[]): Promise<void> {
  if (events.length === 0) return
  const found = await em.execute<Converting[]>(
    `select distinct on (r.id, e.contact_id) e.at, m.id as message_id, r.id as run_id, c.id as campaign, c.name,
       r.definition #> '{conversion,condition}' as condition, r.definition #>> '{conversion,valueAttribute}' as value_attribute
     from jsonb_to_recordset(?::jsonb) as e(at int, contact_id uuid, type text, at_ms double precision)
     join campaign_runs r on r.workspace_id = ? and r.definition #>> '{conversion,event}' = e.type
     join campaigns c on c.id = r.campaign_id
     cross join lateral (select to_timestamp(e.at_ms / 1000.0) as happened, (r.definition #>> '{conversion,within,amount}')::float8
       * interval '1 second' * (jsonb '{"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}'
       -> (r.definition #>> '{conversion,within,unit}'))::float8 as within) w
     join conversations v on v.contact_id = e.contact_id
     join messages m on m.conversation_id = v.id and m.campaign_run_id = r.id and m.state = 'accepted'
       and m.accepted_at between w.happened - w.within and w.happened
     where coalesce(r.ended_at, 'infinity') > w.happened - w.within and not exists (
       select 1 from messages o where o.conversation_id = v.id and o.campaign_run_id = r.id and o.converted_at is not null)
     order by r.id, e.contact_id, e.at_ms, e.at, m.accepted_at desc`,
    [JSON.stringify(events.map(toRow)), workspaceId],
  )
  const converted: (Converting & { value: number | null })[] = []
  for (const one of found) {
    const event = events[one.at]
    if (event && (await isWanted(em, workspaceId, one.condition, event)))
      converted.push({ ...one, value: valueOf(event.attributes, one.value_attribute) })
  }
  if (converted.length > 0) await mark(em, workspaceId, events, converted)
}

function toRow({ contactId, type, atMs }: AwaitedEvent, at: number) {
  return { at, contact_id: contactId, type, at_ms: atMs }
}

async function mark(
  em: Em,
  workspaceId: string,
  events: AwaitedEvent[],
  converted: (Converting & { value: number | null })[],
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
