import { adHoc } from '../db/prepared-statements.ts'
import type { Deps } from '../deps.ts'

/** Deltas a statement: some milliseconds, so that a rebuild never waits for long. */
const batchSize = 5_000

/** Adds what was counted since the last time to the counters. Returns how many deltas that were. */
export async function foldDeltas(deps: Pick<Deps, 'orm'>): Promise<number> {
  let folded = 0
  for (;;) {
    const taken = await foldBatch(deps)
    folded += taken
    if (taken < batchSize) break
  }
  if (folded > 0) await clearFolded(deps)
  return folded
}

/** So many deltas that are gone cost whoever reads a report some milliseconds: their index entries are there still. */
const mostGone = 10_000

/** Autovacuum comes by once a minute, in which a busy journey leaves a hundred thousand of them. */
async function clearFolded({ orm }: Pick<Deps, 'orm'>): Promise<void> {
  const em = orm.em.fork()
  const [row] = await em.execute<{ due: boolean }[]>(
    `select pg_stat_get_dead_tuples(t) >= ? and coalesce(greatest(pg_stat_get_last_vacuum_time(t),
       pg_stat_get_last_autovacuum_time(t)) < now() - interval '20 seconds', true) as due
     from (values ('journey_deltas'::regclass)) as v(t)`,
    [mostGone],
  )
  if (row?.due) await em.execute('vacuum (skip_locked) journey_deltas')
}

/**
 * Several workers may fold at once: each takes deltas of its own, and all meet the counters in one order. It is
 * planned each time: by a plan kept from when the table was empty, as it mostly is, each of many is compared with each.
 */
async function foldBatch({ orm }: Pick<Deps, 'orm'>): Promise<number> {
  return orm.em.fork().transactional(async (em) => {
    // Before any delta is held, so that a rebuild, which keeps all others off the counters, never waits for one of ours.
    await em.execute('lock table journey_counters in row exclusive mode')
    const [row] = await em.execute<{ n: number }[]>(
      `${adHoc}with taken as (
         delete from journey_deltas where id = any (array(
           select id from journey_deltas order by id limit ? for update skip locked)) returning *),
       summed as (
         select t.workspace_id, t.journey_id, s.day, t.version_id, c.key, sum(c.value::bigint) as n
         from taken t cross join lateral (values (t.day), ('-infinity'::date)) as s(day)
           cross join lateral jsonb_each_text(t.counts) as c group by 1, 2, 3, 4, 5),
       added as (
         insert into journey_counters as k (workspace_id, journey_id, day, version_id, metric, card_id, detail, n)
         select workspace_id, journey_id, day, version_id, split_part(key, '|', 1), split_part(key, '|', 2),
           substring(key from '^[^|]*[|][^|]*[|](.*)$'), n
         from summed where n <> 0 order by journey_id, day, version_id, key
         on conflict (journey_id, day, version_id, metric, card_id, detail) do update set n = k.n + excluded.n)
       select count(*)::int as n from taken`,
      [batchSize],
    )
    return row?.n ?? 0
  })
}
