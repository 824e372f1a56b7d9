import { stopRun, type Stopper } from '../../autopilot/stop-runs.ts'
import { forkFor } from '../../db/orm.ts'
import type { Deps } from '../../deps.ts'
import { AppError, errorTable } from '../../model/errors.ts'
import type { CampaignInput } from '../../../workflows/contract.ts'

/**
 * What cannot be done however often it is tried stops the run and says why: its workflow would fail, and nobody would ever
 * come back to it. Undefined then; somebody who has mended it lets it go on.
 */
export async function stopOnRefusal<T>(
  deps: Pick<Deps, 'orm' | 'log'>,
  { workspaceId, runId }: CampaignInput,
  stopper: Stopper,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof AppError) || errorTable[error.code].retry) throw error
    deps.log.warn({ err: error, runId }, 'a campaign run cannot go on')
    await forkFor(deps.orm, workspaceId).transactional((em) =>
      stopRun(em, { workspaceId, runId, stopper, reason: error.message }),
    )
    return undefined
  }
}
