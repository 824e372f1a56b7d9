import { adHoc } from '../db/prepared-statements.ts'
import type { Deps } from '../deps.ts'

/** Deltas a statement: some milliseconds, so that a rebuild never waits for long. */
const batchSize = 5_000

/** What is counted in deltas `metric|part|detail` of a time, and kept in counters by that time and of all time. */
interface Counted {
  deltas: string
  counters: string
  /** What the counters belong to, besides time. */
  owners: string[]
  time: { column: string; type: 'date' | 'timestamptz' }
  /** The column of the key's second part. */
  part: string
}
const counted: Counted[] = [
  {
    ...{ deltas: 'journey_deltas', counters: 'journey_counters', owners: ['journey_id', 'version_id'] },
    ...{ time: { column: 'day', type: 'date' }, part: 'card_id' },
  },
  {
    ...{ deltas: 'campaign_deltas', counters: 'campaign_counters', owners: ['run_id'] },
    ...{ time: { column: 'at', type: 'timestamptz' }, part: 'variant' },
  },
]

/** Adds what was counted since the last time to the counters. Returns how many deltas that were. */
export async function foldDeltas(deps: Pick<Deps, 'orm'>): Promise<number> {
  let folded = 0
  for (const each of counted) folded += await fold(deps, each)
  return folded
}

async function fold(deps: Pick<Deps, 'orm'>, each: Counted): Promise<number> {
  let folded = 0
  for (;;) {
    const taken = await foldBatch(deps, each)
    folded += taken
    if (taken < batchSize) break
  }
  if (folded > 0) await clearFolded(deps, each)
  return folded
}

/** So many deltas that are gone cost whoever reads a report some milliseconds: their index entries are there still. */
const mostGone = 10_000

/** Autovacuum comes by once a minute, in which a busy journey leaves a hundred thousand of them. */
async function clearFolded({ orm }: Pick<Deps, 'orm'>, { deltas }: Counted): Promise<void> {
  const em = orm.em.fork()
  const [row] = await em.execute<{ due: boolean }[]>(
    `select pg_stat_get_dead_tuples(t) >= ? and coalesce(greatest(pg_stat_get_last_vacuum_time(t),
       pg_stat_get_last_autovacuum_time(t)) < now() - interval '20 seconds', true) as due
     from (values ('${deltas}'::regclass)) as v(t)`,
    [mostGone],
  )
  if (row?.due) await em.execute(`vacuum (skip_locked) ${deltas}`)
}

/**
 * Several workers may fold at once: each takes deltas of its own, and all meet the counters in one order. It is
 * planned each time: by a plan kept from when the table was empty, as it mostly is, each of many is compared with each.
 */
async function foldBatch(
  { orm }: Pick<Deps, 'orm'>,
  { deltas, counters, owners, time, part }: Counted,
): Promise<number> {
  const of = (prefix = '') => owners.map((owner) => `${prefix}${owner}`).join(', ')
  return orm.em.fork().transactional(async (em) => {
    // Before any delta is held, so that a rebuild, which keeps all others off the counters, never waits for one of ours.
    await em.execute(`lock table ${counters} in row exclusive mode`)
    const [row] = await em.execute<{ n: number }[]>(
      `${adHoc}with taken as (
         delete from ${deltas} where id = any (array(
           select id from ${deltas} order by id limit ? for update skip locked)) returning *),
       summed as (
         select t.workspace_id, ${of('t.')}, s.at, c.key, sum(c.value::bigint) as n
         from taken t cross join lateral (values (t.${time.column}), ('-infinity'::${time.type})) as s(at)
           cross join lateral jsonb_each_text(t.counts) as c group by t.workspace_id, ${of('t.')}, s.at, c.key),
       added as (
         insert into ${counters} as k (workspace_id, ${of()}, ${time.column}, metric, ${part}, detail, n)
         select workspace_id, ${of()}, at, split_part(key, '|', 1), split_part(key, '|', 2),
           substring(key from '^[^|]*[|][^|]*[|](.*)$'), n
         from summed where n <> 0 order by ${of()}, at, key
         on conflict (${of()}, ${time.column}, metric, ${part}, detail) do update set n = k.n + excluded.n)
       select count(*)::int as n from taken`,
      [batchSize],
    )
    return row?.n ?? 0
  })
}
