import { countConversions } from '../campaign-reports/count-conversions.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { holdWoken } from '../holds/hold-woken.ts'
import { evaluateTriggers } from '../journeys/evaluate-triggers.ts'
import { takeEventWaits } from '../journeys/event-waits.ts'
import { listTriggerInterests } from '../journeys/trigger-interests.ts'
import { toText, type JsonObject } from '../model/json.ts'
import { isSystemEvent } from '../model/system-events.ts'
import type { Stimulus } from '../model/triggers.ts'
import { enqueue, type OutboxRow } from '../outbox/outbox.ts'
import { reachGoals } from '../reports/reach-goals.ts'
import { noteChanges } from './note-changes.ts'

/** Something that happened to a contact. */
export interface ContactEvent {
  contactId: string
  /** A system event, or a declared type of the workspace's own. */
  type: string
  attributes: JsonObject
  atMs: number
  /** The fact that it follows from. */
  causeId: string
}
type StoredEvent = ContactEvent & { id: string }

/**
 * Stores events in the caller's transaction and hands them on: to journeys that wait for them, to triggers, and to live
 * segments that look at them. Returns what Temporal must be told after the commit.
 */
export async function recordEvents(
  em: Em,
  workspaceId: string,
  events: ContactEvent[],
): Promise<OutboxRow[]> {
  if (events.length === 0) return []
  const stored = events.map((event) => ({ ...event, id: newId() }))
  await insertEvents(em, workspaceId, stored)
  return spreadEvents(em, workspaceId, stored)
}

export async function insertEvents(em: Em, workspaceId: string, events: StoredEvent[]): Promise<void> {
  await em.execute(
    `insert into events (id, workspace_id, contact_id, type, attributes, at)
     select n.id, ?, n.contact_id, n.type, n.attributes, to_timestamp(n.at_ms / 1000.0)
     from jsonb_to_recordset(?::jsonb) as n(id uuid, contact_id uuid, type text, attributes jsonb, at_ms double precision)`,
    [
      workspaceId,
      JSON.stringify(
        events.map(({ id, contactId, type, attributes, atMs }) => ({
          id,
          contact_id: contactId,
          type,
          attributes,
          at_ms: atMs,
        })),
      ),
    ],
  )
}

/** For events whose row is elsewhere (messages): everything but the storing. */
export async function spreadEvents(em: Em, workspaceId: string, events: StoredEvent[]): Promise<OutboxRow[]> {
  await noteChanges(
    em,
    workspaceId,
    events.map(({ contactId, type, causeId }) => ({ contactId, keys: [`event:${type}`], causeId })),
  )
  await reachGoals(em, workspaceId, events)
  await countConversions(em, workspaceId, events)
  const waits = await takeEventWaits(em, workspaceId, events)
  const outbox = await enqueue(em, [...(await holdWoken(em, workspaceId, waits)), ...waits])
  const interests = await listTriggerInterests(em, workspaceId)
  for (const event of events) {
    for (const stimulus of stimuliOf(event)) {
      // That no journey wanted another system's event is worth a line in the trace; our own events are too many.
      if (interests.has(interestOf(stimulus)) || !isSystemEvent(event.type))
        outbox.push(...(await judge(em, workspaceId, event, stimulus)))
    }
  }
  return outbox
}

/** What triggers may listen to: the event by its name, and for some a word of its own. */
function stimuliOf({ type, attributes }: ContactEvent): Stimulus[] {
  const byName: Stimulus = { type: 'custom-event', event: type }
  const segmentId = toText(attributes['segment_id'])
  if (type === 'segment_entered') return [byName, { type: 'segment-entered', segmentId }]
  if (type === 'segment_left') return [byName, { type: 'segment-left', segmentId }]
  if (type === 'attribute_changed')
    return [byName, { type: 'attribute-changed', attribute: toText(attributes['name']) }]
  return [byName]
}

function interestOf(stimulus: Stimulus): string {
  return stimulus.type === 'custom-event' ? `custom-event ${stimulus.event}` : stimulus.type
}

async function judge(em: Em, workspaceId: string, event: StoredEvent, stimulus: Stimulus) {
  const { contactId, attributes, causeId, id } = event
  return evaluateTriggers(em, {
    workspaceId,
    contactId,
    stimulus,
    event: attributes,
    vars: { event: attributes },
    // Two words for one event are judged apart.
    entry: stimulus.type === 'custom-event' ? id : `${id}:${stimulus.type}`,
    causeId,
    atMs: Date.now(),
  })
}
