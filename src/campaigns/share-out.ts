import { createHash } from 'node:crypto'
import type { Em } from '../db/orm.ts'
import { adHoc } from '../db/prepared-statements.ts'
import { durationMs } from '../model/schedule.ts'
import { joined, sql, type Fragment } from '../segments/fragment.ts'
import type { Planning } from './planning.ts'

/**
 * Deals the hold-out group and the variants out by chance, in exact shares. Who is held out is the same people in every run of
 * a campaign, as far as the audience is, and never everybody: one who gets the second run would spoil the comparison. Who waits for the winner of a
 * trial has no variant yet, and is due after it.
 */
export async function shareOut(em: Em, run: Planning): Promise<void> {
  const { definition, campaignId } = run
  if (definition.holdOut > 0) {
    await em.execute(
      `update campaign_audience a set reason = 'hold_out', said = 'is held out, to compare with' from (
         select contact_id, row_number() over (order by uuid_hash_extended(contact_id, ?::bigint)) as at, count(*) over () as n
         from campaign_audience where reason is null) w
       where w.contact_id = a.contact_id and w.at <= least(round(w.n * ?::numeric), w.n - 1)`,
      [hashSeed(campaignId, 'hold-out'), definition.holdOut],
    )
  }
  if (definition.variants.length === 1 && !definition.winner) return
  const share = definition.winner?.share ?? 1
  const waitMs = definition.winner ? durationMs(definition.winner.after) : 0
  const deal = sql`update campaign_audience a set variant = ${chooseVariant(run, share)},
      due_at = case when w.x < ${share}::float8 then a.due_at
        else greatest(a.due_at, now()) + ${waitMs}::float8 * interval '1 millisecond' end
    from (select contact_id, (row_number() over (order by uuid_hash_extended(contact_id, ${hashSeed(run.id, 'variant')}::bigint))
        - 0.5) / count(*) over () as x from campaign_audience where reason is null) w
    where w.contact_id = a.contact_id`
  await em.execute(adHoc + deal.sql, deal.params)
}

/** By `w.x`, one's place between 0 and 1. */
function chooseVariant({ definition: { variants } }: Planning, share: number): Fragment {
  const total = variants.reduce((sum, { weight }) => sum + weight, 0)
  let end = 0
  const cases = variants.map(({ id, weight }, at) => {
    end += (weight / total) * share
    const upTo = at === variants.length - 1 ? share : end
    return sql`when w.x < ${upTo}::float8 then ${id}::text`
  })
  return sql`case ${joined(cases, ' ')} end`
}

/** A number that decides a shuffle; as text, for it has 64 bits. */
export function hashSeed(...words: string[]): string {
  return createHash('sha256').update(words.join('\n')).digest().readBigInt64BE().toString()
}
