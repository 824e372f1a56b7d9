import type { Deps } from '../deps.ts'
import { countedRows, countingMessages } from '../reports/count-messages.ts'
import { announcedRows, announcingMessages } from '../live/announce-messages.ts'

/**
 * A send whose caller never came back (its run was cancelled or terminated in mid-call) is not known to have arrived, and
 * nobody will ask again: after a while that is what the ledger says. A later status webhook still settles it.
 */
export async function giveUpSends(deps: Deps): Promise<number> {
  const afterMs = Math.max(10 * 60_000, 4 * deps.config.SEND_RECONCILE_MS)
  const rows = await deps.orm.em.fork().execute<object[]>(
    `with given_up as (
       update messages set state = 'unknown', reason = coalesce(reason, 'whoever sent it never came back')
       where state = 'inflight' and inflight_at < now() - ? * interval '1 millisecond' returning id, ${countedRows}, ${announcedRows}),
     ${countingMessages('given_up')}, ${announcingMessages('given_up')}
     select id from given_up`,
    [afterMs],
  )
  return rows.length
}
