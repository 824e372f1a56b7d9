import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { countFacts, standingAfter, type Standing } from '../reports/count-facts.ts'
import { recordSteps } from '../reports/record-steps.ts'
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

/**
 * Writes the trace, what it counts for, and where the run stands. Safe to repeat; a run that has ended stays ended, though
 * its last steps may be told after that.
 */
export async function saveProgress(em: Em, progress: RunProgress): Promise<void> {
  const { run, facts } = progress
  const { workspaceId, contactId, runId } = run
  const after = standingAfter(facts)
  const live = await standRun(em, progress, after)
  const row = live ?? (await stepAfterEnd(em, progress, after))
  if (!row) throw new AppError('not_found', `run ${runId} does not exist`)
  const { journeyId, versionId } = row
  const marks = countFacts(facts, row).filter(({ key }) => live ?? !key.startsWith('path|'))
  await recordSteps(em, { workspaceId, journeyId, versionId, runId, contactId }, facts, marks)
}

interface RunRow {
  journeyId: string
  versionId: string
  /** Before. */
  atCard: string | null
  paths: JsonObject
}

/**
 * A success after the goal was reached is none of the path's doing. The goal is the lineage's, and stands at its first run,
 * whose row is kept from reaching it meanwhile.
 */
const stepSql = `at_card = case when ?::boolean then ?::text else at_card end,
  paths = case when ?::jsonb = '{}' then paths else (
    select jsonb_object_agg(key, value || jsonb_build_object('version', version_id, 'late',
      (select first.goal_at is not null from runs first where first.id = runs.lineage_id for share)))
    from jsonb_each(?::jsonb)) || paths end`
const returningSql = `returning journey_id as "journeyId", version_id as "versionId", old.at_card as "atCard", old.paths`

function stepValues({ atCard, paths }: Standing) {
  return [atCard !== undefined, atCard ?? null, JSON.stringify(paths), JSON.stringify(paths)]
}

async function standRun(em: Em, progress: RunProgress, after: Standing): Promise<RunRow | undefined> {
  const { run, state, cardId, error, dueAtMs, heldBy } = progress
  const [row] = await em.execute<RunRow[]>(
    `update runs set state = ?, card_id = coalesce(?, card_id), error_code = ?, error_reason = ?, held_by = ?,
       due_at = to_timestamp(?::float8 / 1000.0), updated_at = now(), ${stepSql}
     where id = ? and workspace_id = ? and ended_at is null ${returningSql}`,
    [
      ...[state, cardId, error?.code ?? null, error?.reason ?? null, heldBy ?? null, dueAtMs ?? null],
      ...stepValues(after),
      ...[run.runId, run.workspaceId],
    ],
  )
  return row
}

/** Where it ended is known better now. Its success is counted already: it takes no paths any more. */
async function stepAfterEnd(em: Em, { run }: RunProgress, after: Standing): Promise<RunRow | undefined> {
  const [row] = await em.execute<RunRow[]>(
    `update runs set ${stepSql} where id = ? and workspace_id = ? ${returningSql}`,
    [...stepValues({ ...after, paths: {} }), run.runId, run.workspaceId],
  )
  return row
}
