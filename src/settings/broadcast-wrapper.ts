import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'

/** Whether broadcasts that write contacts too may come by API: a workspace switches it on. */
export async function hasBroadcastWrapper(deps: Pick<Deps, 'orm'>, workspaceId: string): Promise<boolean> {
  const [row] = await forkFor(deps.orm, workspaceId).execute<{ on: boolean }[]>(
    'select broadcast_wrapper as "on" from workspaces where id = ?',
    [workspaceId],
  )
  return row?.on ?? false
}

export async function setBroadcastWrapper(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, isOn, by }: { workspaceId: string; isOn: boolean; by: string },
): Promise<void> {
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await em.execute('update workspaces set broadcast_wrapper = ? where id = ?', [isOn, workspaceId])
    const data = { to: isOn ? 'on' : 'off', by }
    await recordFacts(em, workspaceId, [
      { id: newId(), atMs: Date.now(), kind: 'broadcast-wrapper.switched', data },
    ])
  })
}

export async function demandBroadcastWrapper(deps: Pick<Deps, 'orm'>, workspaceId: string): Promise<void> {
  if (await hasBroadcastWrapper(deps, workspaceId)) return
  throw new AppError('forbidden', 'the broadcast wrapper is not switched on in this workspace')
}
