import type { Orm } from '../db/orm.ts'

/** How often a worker says that it lives. */
export const beatEveryMs = 2_000
/** Without a word for this long a worker counts as gone. */
const silentAfterMs = 8_000

/**
 * Temporal goes on listing a worker that was killed, and an idle one may not ask it for a minute: neither tells in time
 * whether a worker is there. So each leaves a sign of life.
 */
export async function beat(orm: Orm, workerId: string): Promise<void> {
  await orm.em
    .fork()
    .execute(
      'insert into worker_beats (id, seen_at) values (?, now()) on conflict (id) do update set seen_at = excluded.seen_at',
      [workerId],
    )
}

/** A worker that ends in order takes its sign away; those of killed ones are swept up. */
export async function endBeat(orm: Orm, workerId: string): Promise<void> {
  await orm.em
    .fork()
    .execute(`delete from worker_beats where id = ? or seen_at < now() - interval '1 hour'`, [workerId])
}

/** Throws, in words, when no worker has given a sign of life lately. */
export async function expectBeat(orm: Orm): Promise<void> {
  const [row] = await orm.em
    .fork()
    .execute<{ age_ms: number | null }[]>(
      'select extract(epoch from now() - max(seen_at))::float8 * 1000 as age_ms from worker_beats',
    )
  const ageMs = row?.age_ms ?? undefined
  if (ageMs === undefined) throw new Error('no worker runs')
  if (ageMs > silentAfterMs) throw new Error(`no worker has been heard of for ${Math.round(ageMs / 1_000)} s`)
}
