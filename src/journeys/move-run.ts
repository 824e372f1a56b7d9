import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { lockHold, measureFrozen } from '../holds/check-holds.ts'
import type { HeldRun } from '../../workflows/contract.ts'
import { saveProgress, type RunProgress } from './save-progress.ts'

interface Moved extends RunProgress {
  versionId: string
  /** Since when nobody has asked whether the run was held. */
  sinceMs: number
  /** What the old version's card awaits, the new one's does too. */
  keepsWaits: boolean
  /** Of a run that moves by a migration. */
  move?: {
    migration: string
    from: string
    fromCard: string | null
    toCard: string | null
    /** When it entered the card that it comes from. */
    enteredAtMs?: number | undefined
  }
}

/**
 * A run follows another version of its journey from now on. What the old version's card awaited is awaited no more: where
 * the new one awaits an event too, it says for which. A run that slept is told what holds it, and how long it was frozen.
 */
export async function moveRun(
  deps: Pick<Deps, 'orm'>,
  { move, sinceMs, keepsWaits, ...progress }: Moved,
): Promise<{ hold: HeldRun | undefined; frozenMs: number }> {
  const { run, versionId } = progress
  return forkFor(deps.orm, run.workspaceId).transactional(async (em) => {
    const hold = await lockHold(em, run, sinceMs)
    const frozenMs = await measureFrozen(em, run, sinceMs)
    await saveProgress(em, hold ? { ...progress, state: 'paused', heldBy: hold.holdId } : progress)
    if (!keepsWaits)
      await em.execute('delete from event_waits where run_id = ? and taken_at is null', [run.runId])
    await em.execute(
      'update runs set version_id = ? where id = ? and workspace_id = ? and ended_at is null',
      [versionId, run.runId, run.workspaceId],
    )
    await noteMove(em, run, move, frozenMs)
    return { hold, frozenMs }
  })
}

/** The way back, for a rollback. */
async function noteMove(
  em: Em,
  run: RunProgress['run'],
  move: Moved['move'],
  frozenMs: number,
): Promise<void> {
  if (!move) return
  const { migration, from, fromCard, toCard, enteredAtMs } = move
  const countsFrom = enteredAtMs === undefined ? null : enteredAtMs + frozenMs
  await em.execute(
    `insert into migrated_runs (migration_id, run_id, workspace_id, from_version_id, from_card, to_card, entered_at)
     select id, ?, workspace_id, ?, ?, ?, to_timestamp(?::float8 / 1000.0) from journey_migrations where id = ? and workspace_id = ? on conflict do nothing`,
    [run.runId, from, fromCard, toCard, countsFrom, migration, run.workspaceId],
  )
}
