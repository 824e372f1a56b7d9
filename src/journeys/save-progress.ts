import { recordFacts } from '../analytics/facts.ts'
import type { Em } from '../db/orm.ts'
import type { JourneyFact } from '../../workflows/cards/journey-state.ts'
import type { RunRef } from '../../workflows/contract.ts'
import type { RunState } from './entities.ts'

/** What a run has done since it last told the database. Rides along with the activity that comes next. */
export interface RunProgress {
  run: RunRef
  /** Absent of runs from before they could move. */
  versionId?: string | undefined
  facts: JourneyFact[]
  state: RunState
  cardId: string | null
  error?: { code: string; reason: string } | undefined
  /** When the wait under way ends. */
  dueAtMs?: number | undefined
  /** The hold that it stands at. */
  heldBy?: string | undefined
}

/** Writes the trace and where the run stands. Safe to repeat; a run that has ended stays ended. */
export async function saveProgress(em: Em, progress: RunProgress): Promise<void> {
  const { run, facts, state, cardId, error, dueAtMs, heldBy } = progress
  const { workspaceId, contactId, runId } = run
  await recordFacts(
    em,
    workspaceId,
    facts.map(({ spentMs: _spentMs, ...fact }) => ({ ...fact, contactId, runId })),
  )
  await em.execute(
    `update runs set state = ?, card_id = coalesce(?, card_id), error_code = ?, error_reason = ?, held_by = ?,
       due_at = to_timestamp(?::float8 / 1000.0), updated_at = now() where id = ? and ended_at is null`,
    [state, cardId, error?.code ?? null, error?.reason ?? null, heldBy ?? null, dueAtMs ?? null, runId],
  )
}
