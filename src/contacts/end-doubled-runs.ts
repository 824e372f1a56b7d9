import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { cancelRun } from '../journeys/steer-run.ts'
import { AppError } from '../model/errors.ts'

export interface RunEnding {
  runId: string
  journeyId: string
  ended: boolean
  /** Why it was not ended. */
  reason: string | null
}

/** After a merge one person may be inside a journey twice: the run that has come furthest goes on, the others end. */
export async function endDoubledRuns(
  deps: Deps,
  { workspaceId, contactId, by }: { workspaceId: string; contactId: string; by: string },
): Promise<RunEnding[]> {
  const doubled = await forkFor(deps.orm, workspaceId).execute<{ id: string; journey_id: string }[]>(
    `select id, journey_id from (
       select r.id, r.journey_id, row_number() over (partition by r.journey_id order by
         (select count(*) from facts f where f.run_id = r.id and f.kind = 'card.entered') desc, r.started_at, r.id) as place
       from runs r where r.workspace_id = ? and r.contact_id = ? and r.ended_at is null
         and exists (select 1 from runs o where o.contact_id = r.contact_id and o.journey_id = r.journey_id
           and o.ended_at is null and o.id <> r.id)
         and exists (select 1 from contact_merge_rows m where m.kind = 'runs' and m.row_id in
           (select o.id from runs o where o.contact_id = r.contact_id and o.journey_id = r.journey_id and o.ended_at is null))) ranked
     where place > 1 order by id`,
    [workspaceId, contactId],
  )
  const endings: RunEnding[] = []
  for (const { id: runId, journey_id: journeyId } of doubled) {
    const reason = await cancel(deps, { workspaceId, runId, by })
    endings.push({ runId, journeyId, ended: reason === null, reason })
  }
  return endings
}

/** A refusal is told with the merge, which stands: the run can be cancelled by hand. */
async function cancel(
  deps: Deps,
  order: { workspaceId: string; runId: string; by: string },
): Promise<string | null> {
  try {
    await cancelRun(deps, order)
    return null
  } catch (error) {
    if (error instanceof AppError) return error.message
    deps.log.warn({ err: error, runId: order.runId }, 'a doubled run was not ended')
    return 'Temporal did not answer: cancel it by hand'
  }
}
