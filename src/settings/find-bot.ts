import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'

/**
 * Sees to it that a path names the number and the workspace of the credential that asks: `not_found` when there is none
 * such at all, `forbidden` when they are somebody else's.
 */
export async function demandBot(
  deps: Pick<Deps, 'orm'>,
  asking: { workspaceId: string; numberId: string },
  path: { customerId: string; botRef: string },
): Promise<void> {
  const [found] = await deps.orm.em.fork().execute<{ number_id: string; workspace_id: string }[]>(
    `select p.id as number_id, w.id as workspace_id from workspaces w join phone_numbers p on p.workspace_id = w.id
     where w.customer_id::text = ? and lower(p.bot_ref) = lower(?)`,
    [path.customerId, path.botRef],
  )
  if (!found) throw new AppError('not_found', 'The bot id/customer id/user id provided is invalid')
  if (found.workspace_id !== asking.workspaceId || found.number_id !== asking.numberId)
    throw new AppError('forbidden', 'this key is for another customer or bot')
}

/** The workspace's name in paths. */
export async function findCustomerId(deps: Pick<Deps, 'orm'>, workspaceId: string): Promise<string> {
  const [row] = await deps.orm.em
    .fork()
    .execute<{ id: string }[]>('select customer_id::text as id from workspaces where id = ?', [workspaceId])
  return row?.id ?? ''
}
