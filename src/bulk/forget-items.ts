import type { Orm } from '../db/orm.ts'

/** Rows a statement: short locks, and a round that can be stopped between two. */
const batchSize = 5_000

/** Months of sleep may lie between a migration's order and the run that follows it: until then a rollback looks for it. */
const keptFor = `case when o.kind = 'migrate' then interval '1 year' else interval '30 days' end`

/** Drops what became of each item of operations that ended a month ago. Their counts and reasons stay. Returns how many. */
export async function forgetItems(orm: Orm): Promise<number> {
  const em = orm.em.fork()
  let forgotten = 0
  for (;;) {
    const removed = await em.execute<object[]>(
      `delete from bulk_items where (operation_id, item_id) in (
         select i.operation_id, i.item_id from bulk_operations o join bulk_items i on i.operation_id = o.id
         where o.ended_at < now() - ${keptFor} limit ?) returning 1`,
      [batchSize],
    )
    forgotten += removed.length
    if (removed.length < batchSize) return forgotten
  }
}
