import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { saveProgress, type RunProgress } from '../journeys/save-progress.ts'
import type { HeldRun, RunRef } from '../../workflows/contract.ts'

interface HoldRow {
  id: string
  kind: 'pause' | 'stop' | 'agent'
  timers: 'freeze' | 'run'
  reason: string
  placed_ms: number
}

/** A run, or a message that nobody's run sends: that one only a stop of everything holds. */
type Holdable = Pick<RunRef, 'workspaceId' | 'numberId'> & Partial<RunRef>

/** SQL that is true of a hold `h` that is about a run or a message, by what says its ids. */
function holdsWhom(
  by: Record<'workspace' | 'isRun' | 'number' | 'journey' | 'contact' | 'run', string>,
): string {
  return `h.workspace_id = ${by.workspace} and (h.kind = 'stop' or ${by.isRun}) and (h.number_id is null or h.number_id = ${by.number}) and (
  (h.scope = 'workspace') or (h.scope = 'number' and h.scope_id = ${by.number}) or (h.scope = 'journey' and h.scope_id = ${by.journey})
  or (h.scope = 'contact' and h.scope_id = ${by.contact}) or (h.scope = 'run' and h.scope_id = ${by.run}))`
}

const holdsRun = holdsWhom({
  ...{ workspace: '?', isRun: '?::boolean', number: '?', journey: '?', contact: '?', run: '?' },
})

/** SQL that is true of a run `r` that stands at a hold, or will where it would send or go on. */
export const isHeld = `exists (select 1 from holds h where h.released_at is null and ${holdsWhom({
  ...{ workspace: 'r.workspace_id', isRun: 'true', number: 'r.number_id', journey: 'r.journey_id' },
  ...{ contact: 'r.contact_id', run: 'r.id' },
})})`

/** SQL that is true of a hold `h` that is on, with the values of `holdValues`. */
export const isHolding = `h.released_at is null and ${holdsRun}`

export function holdValues({ workspaceId, numberId, journeyId, contactId, runId }: Holdable) {
  const ids = [numberId, numberId, journeyId, contactId, runId]
  return [workspaceId, runId !== undefined, ...ids.map((id) => id ?? null)]
}

/**
 * The hold that a run is to stand at, locked so that nobody lifts it before the caller has committed. A stop wins over an
 * agent, an agent over a pause.
 */
export async function lockHold(em: Em, run: Holdable, sinceMs: number): Promise<HeldRun | undefined> {
  const [hold] = await em.execute<HoldRow[]>(
    `select h.id, h.kind, h.timers, h.reason, extract(epoch from h.placed_at)::float8 * 1000 as placed_ms
     from holds h where ${isHolding} order by array_position(array['stop', 'agent', 'pause'], h.kind), h.id
     limit 1 for share`,
    holdValues(run),
  )
  if (!hold) return undefined
  return {
    holdId: hold.id,
    reason: hold.reason,
    timers: hold.timers,
    sinceMs: Math.max(hold.placed_ms, sinceMs),
    isSaved: true,
  }
}

/** Why nothing of a number goes out to many at once: a stop or a pause of it or of the workspace, locked as the others are. */
export async function lockNumberHold(
  em: Em,
  workspaceId: string,
  numberId: string,
): Promise<string | undefined> {
  const [hold] = await em.execute<{ reason: string }[]>(
    `select h.reason from holds h where h.workspace_id = ? and h.released_at is null and h.kind in ('stop', 'pause')
       and (h.scope = 'workspace' or h.scope = 'number' and h.scope_id = ?) order by h.kind = 'stop' desc, h.id limit 1 for share`,
    [workspaceId, numberId],
  )
  return hold?.reason
}

/**
 * SQL of why nothing is to reach a contact `c` from a number just now, which is its parameter, beside what `lockNumberHold` says:
 * one look by key, for it is asked for everybody.
 */
export const contactHoldReason = `(select h.reason from holds h where h.workspace_id = c.workspace_id and h.scope = 'contact'
  and h.scope_id = c.id and h.released_at is null and (h.number_id is null or h.number_id = ?) order by h.kind, h.id limit 1)`

/**
 * A run that slept asks whether it is held now, and how long it was frozen meanwhile by holds that are gone. One that is
 * held is written down as standing there, in the transaction that saw the hold.
 */
export async function askForHolds(
  deps: Pick<Deps, 'orm'>,
  { progress, sinceMs }: { progress: RunProgress; sinceMs: number },
): Promise<{ hold: HeldRun | undefined; frozenMs: number }> {
  const { run } = progress
  return forkFor(deps.orm, run.workspaceId).transactional(async (em) => {
    const hold = await lockHold(em, run, sinceMs)
    const frozenMs = await measureFrozen(em, run, sinceMs)
    if (hold) await saveProgress(em, { ...progress, state: 'paused', heldBy: hold.holdId })
    else if (progress.facts.length > 0) await saveProgress(em, { ...progress, state: 'running' })
    return { hold, frozenMs }
  })
}

/** Of these runs, those that stand at a hold, or will where they would send or go on. */
export async function findHeld(em: Em, workspaceId: string, runIds: string[]): Promise<Set<string>> {
  const rows = await em.execute<{ id: string }[]>(
    `select r.id from runs r where r.workspace_id = ? and r.id in (select jsonb_array_elements_text(?::jsonb)::uuid)
       and ${isHeld}`,
    [workspaceId, JSON.stringify(runIds)],
  )
  return new Set(rows.map(({ id }) => id))
}

/** Several holds at once freeze once. */
export async function measureFrozen(em: Em, run: Holdable, sinceMs: number): Promise<number> {
  const [row] = await em.execute<{ ms: number | null }[]>(
    `select sum(extract(epoch from upper(part) - lower(part)))::float8 * 1000 as ms from (
       select unnest(range_agg(tstzrange(greatest(h.placed_at, s.since), h.released_at))) as part
       from holds h, (select to_timestamp(?::float8 / 1000.0) as since) s
       where h.timers = 'freeze' and h.released_at > s.since
and ${holdsRun}) parts`,
    [sinceMs, ...holdValues(run)],
  )
  return Math.round(row?.ms ?? 0)
}
