import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import type { JsonObject } from '../model/json.ts'

/** Somebody who would enter a journey now. */
export interface Entrant {
  workspaceId: string
  journey: { id: string; name: string; numberId: string }
  contactId: string | undefined
  entry: string
  causeId: string
  vars?: JsonObject | undefined
  entryKey?: string | undefined
}
interface DoorHold {
  id: string
  entrants: 'queue' | 'drop'
  scope: string
}

/**
 * Keeps entrants out of what is paused: they wait at the door, or are turned away, as the pause says. Returns why somebody
 * does not enter now. The hold is locked, so that nobody comes to wait at one that is being lifted.
 */
export async function stopAtDoor(
  em: Em,
  entrant: Entrant,
): Promise<{ reason: string; isQueued: boolean } | undefined> {
  const { workspaceId, journey, contactId } = entrant
  const [hold] = await em.execute<DoorHold[]>(
    `select h.id, h.entrants, h.scope from holds h where h.workspace_id = ? and h.released_at is null and h.entrants <> 'enter'
       and (h.scope = 'workspace' or (h.scope = 'number' and h.scope_id = ?) or (h.scope = 'journey' and h.scope_id = ?)
         or (h.scope = 'contact' and h.scope_id = ? and (h.number_id is null or h.number_id = ?)))
     order by h.entrants, h.id limit 1 for share`,
    [workspaceId, journey.numberId, journey.id, contactId ?? null, journey.numberId],
  )
  if (!hold) return undefined
  if (hold.entrants === 'queue') {
    await queue(em, entrant, hold)
    return { reason: `the ${hold.scope} is paused: it enters when that is over`, isQueued: true }
  }
  const reason = `the ${hold.scope} is paused and takes nobody in`
  await noteDropped(em, entrant, reason)
  return { reason, isQueued: false }
}

async function queue(em: Em, entrant: Entrant, hold: DoorHold): Promise<void> {
  const { workspaceId, journey, contactId, entry, causeId, vars = {}, entryKey } = entrant
  const [queued] = await em.execute<{ id: string }[]>(
    `insert into queued_entrants (id, workspace_id, hold_id, journey_id, contact_id, entry, entry_key, vars, cause_id)
     values (?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?)
     on conflict (workspace_id, journey_id, contact_id, entry) do nothing returning id`,
    [
      ...[newId(), workspaceId, hold.id, journey.id, contactId ?? null, entry, entryKey ?? null],
      ...[JSON.stringify(vars), causeId],
    ],
  )
  if (!queued) return
  await note(em, entrant, 'entrant.queued', { scope: hold.scope, hold: hold.id })
}

/** Whoever does not enter leaves a fact with the reason. */
export async function noteDropped(em: Em, entrant: Entrant, reason: string): Promise<void> {
  await note(em, entrant, 'entrant.dropped', { reason })
}

async function note(
  em: Em,
  { workspaceId, journey, contactId, causeId }: Entrant,
  kind: 'entrant.queued' | 'entrant.dropped',
  more: JsonObject,
): Promise<void> {
  const data = { journey: journey.id, name: journey.name, ...more }
  await recordFacts(em, workspaceId, [{ id: newId(), atMs: Date.now(), kind, contactId, causeId, data }])
}
