import type { Orm } from '../db/orm.ts'

/** Longer than anybody may be away and go on from where they were. */
const keptForHours = 24
const atOnce = 20_000

/** They are told and owed by then: what was said stands in the messages. Returns how many. */
export async function forgetLiveEvents(orm: Orm): Promise<number> {
  const rows = await orm.em.fork().execute<object[]>(
    `delete from live_events where seq in (
       select o.seq from (select seq, at from live_events order by seq limit ?) as o
       where o.at < now() - interval '${keptForHours} hours') returning seq`,
    [atOnce],
  )
  return rows.length
}
