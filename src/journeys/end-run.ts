import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { JsonObject } from '../model/json.ts'
import { letGo } from './let-go.ts'
import { saveProgress, type RunProgress } from './save-progress.ts'

export interface EndedRun {
  progress: RunProgress
  outcome: string
  goalReached: boolean | undefined
  vars: JsonObject
}

/** The last word on a run: its trace is complete, it holds no floor and waits for no event. */
export async function endRun(
  deps: Pick<Deps, 'orm'>,
  { progress, outcome, goalReached, vars }: EndedRun,
): Promise<void> {
  const { workspaceId, runId, conversationId } = progress.run
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await letGo(em, { runId, conversationId })
    await saveProgress(em, progress)
    await em.execute(
      `update runs set ended_at = now(), outcome = ?, goal_reached = case when goal_reached then true else ?::boolean end,
         goal_at = case when ?::boolean then coalesce(goal_at, now()) else goal_at end, vars = ?::jsonb
       where id = ? and ended_at is null`,
      [outcome, goalReached ?? null, goalReached ?? false, JSON.stringify(vars), runId],
    )
  })
}
