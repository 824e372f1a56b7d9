import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { liftStops } from './stops.ts'

/**
 * Supervises the numbers: lifts stops whose time is over and those of templates that WhatsApp approves again, and lets the runs
 * that stood still for them go on.
 *
 * A number has no workflow of its own for this. What it would have to know (stops, policy, limit) must be read in the very
 * transaction that claims messages and changed in the one that hears an error, so it is rows; a workflow could only repeat
 * them late. What is left is time passing, and a sweep of one indexed query does that for all numbers at once, is safe to
 * run in every worker, and has no history to grow while a number sends for months.
 */
export async function sweepStops(deps: Deps): Promise<number> {
  const workspaces = await deps.orm.em
    .fork()
    .execute<{ workspace_id: string }[]>(
      `select distinct s.workspace_id from number_stops s where s.lifted_at is null and (${isOver} or ${isApproved})`,
    )
  let count = 0
  for (const { workspace_id: workspaceId } of workspaces) {
    const { lifted, outbox } = await forkFor(deps.orm, workspaceId).transactional((em) =>
      liftStops(em, { workspaceId, by: 'autopilot' }, `(${isOver} or ${isApproved})`, []),
    )
    relaySoon(deps, outbox)
    count += lifted
  }
  return count
}

const isOver = 's.until <= now()'
/** Told a while after the stop was placed, so that it is no word from before; of what a person has stopped the person has the say. */
const isApproved = `(s.scope = 'template' and s.by = 'autopilot' and exists (
  select 1 from phone_numbers n join templates t on t.workspace_id = n.workspace_id and t.waba_id = n.waba_id
  where n.id = s.number_id and t.name = s.template and t.deleted_at is null and t.status = 'approved'
    and t.status_at > s.placed_at + interval '1 minute' and not exists (select 1 from templates o where o.workspace_id = n.workspace_id
      and o.waba_id = n.waba_id and o.name = s.template and o.deleted_at is null and o.status in ('paused', 'disabled'))))`

/** Templates that a webhook says are approved are sent again at once. Call in the transaction that stores it. */
export async function liftApproved(em: Em, { workspaceId, wabaId }: Account): Promise<OutboxRow[]> {
  const { outbox } = await liftStops(
    em,
    { workspaceId, by: 'autopilot' },
    `${isApproved} and s.number_id in (select id from phone_numbers where workspace_id = ? and waba_id = ?)`,
    [workspaceId, wabaId],
  )
  return outbox
}
interface Account {
  workspaceId: string
  wabaId: string
}
