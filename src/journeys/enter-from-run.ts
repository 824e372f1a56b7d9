import { takeTurnOfContact } from '../contacts/lock-contact.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { findStartable } from './evaluate-triggers.ts'
import { startRun } from './start-run.ts'

interface Entrance {
  workspaceId: string
  runId: string
  /** The card that jumps. */
  cardId: string
  contactId: string | undefined
  /** Names this one jump, in every try of it. */
  effectKey: string
  causeId: string
  journeyId: string
  vars: JsonObject
  isAnswering: boolean
}
type Entered = { isEntered: boolean; reason: string | null }

/** Journeys that lead into each other in less than this are one chain, and a chain ends: they would spin for ever. */
const chainMs = 10 * 60_000
const maximumJumps = 20

/**
 * Brings whom a run is about to the start of another journey, by that journey's entry rules.
 * @throws {AppError} `loop_guard` at the end of a chain of jumps.
 */
export async function enterFromRun(deps: Deps, entrance: Entrance): Promise<Entered> {
  const { answer, outbox } = await forkFor(deps.orm, entrance.workspaceId).transactional((em) =>
    enter(em, entrance),
  )
  relaySoon(deps, outbox)
  return answer
}

async function enter(em: Em, entrance: Entrance): Promise<{ answer: Entered; outbox: OutboxRow[] }> {
  const { workspaceId, contactId, effectKey, causeId, journeyId, vars, isAnswering } = entrance
  const { jumps, sinceMs } = await chainOf(em, entrance)
  if (jumps > maximumJumps)
    throw new AppError('loop_guard', `journeys led into each other ${maximumJumps} times without a pause`)
  const journey = await findStartable(em, workspaceId, journeyId)
  const refusal = (reason: string) => ({ answer: { isEntered: false, reason }, outbox: [] })
  if (!journey) return refusal('it is not published')
  const entry = `go-to:${jumps}:${sinceMs}:${effectKey}`
  await noteLastJump(em, entrance)
  const result = await startRun(em, { workspaceId, journey, contactId, entry, causeId, vars, isAnswering })
  if (!result.started) {
    await em.execute('update runs set jumped_at = null where id = ? and workspace_id = ?', [
      entrance.runId,
      workspaceId,
    ])
    return refusal(result.reason)
  }
  return { answer: { isEntered: true, reason: null }, outbox: result.outbox }
}

/** The journey that it leads to may lead straight back: nobody is inside whose run has nothing more to do. */
async function noteLastJump(em: Em, { workspaceId, runId, cardId, contactId }: Entrance): Promise<void> {
  if (contactId !== undefined) await takeTurnOfContact(em, workspaceId, contactId)
  await em.execute(
    `update runs r set jumped_at = now() from journey_versions v
     where r.id = ? and r.workspace_id = ? and v.id = r.version_id
       and v.definition #>> array['cards', ?, 'next', 'entered'] is null`,
    [runId, workspaceId, cardId],
  )
}

/** Follows from the run's own row alone, so that each try of a jump has the same entry. */
async function chainOf(
  em: Em,
  { workspaceId, runId }: Entrance,
): Promise<{ jumps: number; sinceMs: number }> {
  const [run] = await em.execute<{ entry: string; started_ms: string }[]>(
    `select entry, floor(extract(epoch from started_at) * 1000)::text as started_ms from runs
     where id = ? and workspace_id = ?`,
    [runId, workspaceId],
  )
  if (!run) throw new AppError('not_found', `run ${runId} does not exist`)
  const startedMs = Number(run.started_ms)
  const [, jumps, since] = /^go-to:(\d+):(\d+):/.exec(run.entry) ?? []
  if (since === undefined || startedMs - Number(since) > chainMs) return { jumps: 1, sinceMs: startedMs }
  return { jumps: Number(jumps) + 1, sinceMs: Number(since) }
}
