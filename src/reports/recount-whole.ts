import { IsolationLevel } from '@mikro-orm/core'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'

/** Counters of one owner, and the statement that counts them from the rows. */
interface Recount {
  deltas: string
  counters: string
  owner: string
  id: string
  recount: string
  params: string[]
}

/** Replaces what was counted of one owner by what its rows say; what happens meanwhile is counted once. */
export async function recountWhole(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  { deltas, counters, owner, id, recount, params }: Recount,
): Promise<void> {
  await forkFor(deps.orm, workspaceId).transactional(
    async (em) => {
      await em.execute('set local statement_timeout = 0')
      // A lock takes no snapshot yet: the one that follows is of after the last fold, and the next fold waits.
      await em.execute(`lock table ${counters} in share row exclusive mode`)
      for (const table of [deltas, counters])
        await em.execute(`delete from ${table} where workspace_id = ? and ${owner} = ?`, [workspaceId, id])
      await em.execute(recount, params)
    },
    { isolationLevel: IsolationLevel.REPEATABLE_READ },
  )
}
