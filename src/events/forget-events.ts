import type { Deps } from '../deps.ts'

/** Rows a statement: short locks, and a round that can be stopped between two. */
const batchSize = 5_000

/** Removes events older than their workspace keeps them. Returns how many. */
export async function forgetEvents(deps: Pick<Deps, 'orm'>): Promise<number> {
  const em = deps.orm.em.fork()
  const workspaces = await em.execute<{ id: string; days: number }[]>(
    'select id, event_retention_days as days from workspaces where event_retention_days is not null',
  )
  let forgotten = 0
  for (const { id, days } of workspaces) {
    for (;;) {
      const removed = await em.execute<object[]>(
        `delete from events where (id, at) in (select id, at from events
           where workspace_id = ? and at < now() - ? * interval '1 day' limit ?) returning 1`,
        [id, days, batchSize],
      )
      forgotten += removed.length
      if (removed.length < batchSize) break
    }
  }
  return forgotten
}
