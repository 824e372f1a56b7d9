import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { checkAttributes } from '../model/event-attributes.ts'
import type { JsonObject } from '../model/json.ts'
import { relaySoon } from '../outbox/relay.ts'
import { EventType } from './entities.ts'
import { insertEvents, spreadEvents } from './record-events.ts'

export interface EventInput {
  workspaceId: string
  contactId: string
  type: string
  attributes: JsonObject
  /** The sender's id of the event: the same id is the same event; without one every call is another. */
  eventId?: string | undefined
  atMs: number
}
export interface TrackedEvent {
  id: string
  duplicate: boolean
  /** Runs that were started or that had waited for it. */
  reached: number
}

/** Stores a typed custom event once, starts the journeys it triggers and signals the runs that wait for it. */
export async function trackEvent(deps: Deps, input: EventInput): Promise<TrackedEvent> {
  const { outbox, ...tracked } = await forkFor(deps.orm, input.workspaceId).transactional(async (em) => {
    await checkInput(em, input)
    const id = newId()
    const [receipt] = await em.execute<{ id: string }[]>(
      `insert into event_receipts (workspace_id, event_id, id) values (?, ?, ?)
       on conflict (workspace_id, event_id) do update set event_id = excluded.event_id returning id`,
      [input.workspaceId, input.eventId ?? id, id],
    )
    if (receipt?.id !== id) return { id: receipt?.id ?? '', duplicate: true, reached: 0, outbox: [] }
    const outbox = await storeAndReact(em, input, id)
    return { id, duplicate: false, reached: outbox.length, outbox }
  })
  relaySoon(deps, outbox)
  return tracked
}

async function storeAndReact(em: Em, input: EventInput, id: string) {
  const { workspaceId, contactId, type, attributes, atMs } = input
  const factId = newId()
  const nowMs = Date.now()
  const event = { id, contactId, type, attributes, causeId: factId }
  await insertEvents(em, workspaceId, [{ ...event, atMs }])
  await recordFacts(em, workspaceId, [
    { id: factId, atMs: nowMs, kind: 'event.received', contactId, data: { event: id, type } },
  ])
  return spreadEvents(em, workspaceId, [{ ...event, atMs: nowMs }])
}

/** Refuses what `trackEvent` would: for callers who make something before they have the contact. */
export async function checkEvent(deps: Pick<Deps, 'orm'>, input: CheckedInput): Promise<void> {
  await checkInput(forkFor(deps.orm, input.workspaceId), input)
}

type CheckedInput = Pick<EventInput, 'workspaceId' | 'type' | 'attributes' | 'atMs'>

/** Other systems' clocks may be ahead a little. An event from the future would count as recent for ever. */
const maximumSkewMs = 10 * 60_000
/** Older than any system that tells of it: a wrong unit, such as seconds for milliseconds. */
const earliestMs = Date.UTC(1990, 0, 1)

async function checkInput(em: Em, input: CheckedInput): Promise<void> {
  if (input.atMs < earliestMs || input.atMs > Date.now() + maximumSkewMs) {
    const message = 'must be a time that has been: between 1990 and now'
    throw new AppError('invalid_input', `at ${message}`, { fields: [{ field: 'at', message }] })
  }
  const type = await em.findOne(EventType, { name: input.type })
  if (!type) {
    const message = `there is no event type "${input.type}"`
    throw new AppError('unprocessable', message, { fields: [{ field: 'type', message }] })
  }
  const fields = checkAttributes(type.attributes, input.attributes)
  if (fields.length > 0)
    throw new AppError('invalid_input', 'the attributes do not fit the event type', { fields })
}
