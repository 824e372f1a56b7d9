import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { relaySoon } from '../outbox/relay.ts'
import { demandMigration } from './find-migrations.ts'
import { enlist, type Pace } from './start-migration.ts'

/** Brings the runs that a migration moved back to the versions and cards that they came from, where that is possible. */
export async function rollBack(
  deps: Deps,
  order: { workspaceId: string; journeyId: string; migrationId: string; by: string } & Pace,
): Promise<{ migrationId: string }> {
  const { workspaceId, journeyId, migrationId } = order
  const { migrationId: id, outbox } = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await demandRollbackable(em, order)
    return enlist(em, order, { direction: 'back', journeyId, migrationId })
  })
  relaySoon(deps, outbox)
  return { migrationId: id }
}

export async function demandRollbackable(
  em: Em,
  where: { workspaceId: string; journeyId: string; migrationId: string },
): Promise<void> {
  const migration = await demandMigration(em, where)
  if (migration.rollsBack !== null)
    throw new AppError('unprocessable', 'it is a rollback itself: move the runs by a new migration')
  if (migration.endedAt === null)
    throw new AppError('conflict', `the migration is ${migration.state}: cancel it first`)
}
