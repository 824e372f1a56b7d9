import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'

/** A credential that is bound to a number sees the journeys of that number, and no others. */
export async function demandJourney(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, numberId, journeyId }: { workspaceId: string; numberId: string; journeyId: string },
): Promise<void> {
  const [found] = await forkFor(deps.orm, workspaceId).execute<object[]>(
    'select 1 from journeys where id = ? and workspace_id = ? and number_id = ? and deleted_at is null',
    [journeyId, workspaceId, numberId],
  )
  if (!found) throw new AppError('not_found', `journey ${journeyId} does not exist`)
}
