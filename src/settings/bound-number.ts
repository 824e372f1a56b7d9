import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'

/** For who works where there is no number yet: nothing is found by it. */
const noNumber = '00000000-0000-0000-0000-000000000000'

/**
 * The number that a user's credentials of a dialect are bound to: the one that was said, else the workspace's first.
 */
export async function findBoundNumber(
  { orm }: Pick<Deps, 'orm'>,
  { workspaceId, userId }: { workspaceId: string; userId: string },
): Promise<string> {
  const [row] = await forkFor(orm, workspaceId).execute<{ id: string | null }[]>(
    `select coalesce(u.number_id, (select p.id from phone_numbers p where p.workspace_id = u.workspace_id
       order by p.created_at, p.id limit 1)) as id from users u where u.workspace_id = ? and u.id = ?`,
    [workspaceId, userId],
  )
  return row?.id ?? noNumber
}

/** @param numberId null: the workspace's first again */
export async function bindNumber(
  { orm }: Pick<Deps, 'orm'>,
  { workspaceId, userId, numberId }: { workspaceId: string; userId: string; numberId: string | null },
): Promise<string> {
  const em = forkFor(orm, workspaceId)
  const [bound] = await em.execute<object[]>(
    `update users set number_id = ?::uuid where workspace_id = ? and id = ? and (?::uuid is null or exists (
       select from phone_numbers p where p.workspace_id = users.workspace_id and p.id = ?::uuid)) returning 1`,
    [numberId, workspaceId, userId, numberId, numberId],
  )
  if (bound) return findBoundNumber({ orm }, { workspaceId, userId })
  throw new AppError('not_found', `there is no such user or number in this workspace`)
}
