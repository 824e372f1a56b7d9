import { forkFor, type Em } from '../../db/orm.ts'
import type { Deps } from '../../deps.ts'
import type { BacklogPlan } from '../../holds/backlog-plan.ts'
import { noteDropped, type Entrant } from '../../holds/queue-entrants.ts'
import { findStartable } from '../../journeys/evaluate-triggers.ts'
import { startRun } from '../../journeys/start-run.ts'
import type { JsonObject } from '../../model/json.ts'
import type { OutboxRow } from '../../outbox/outbox.ts'
import { relaySoon } from '../../outbox/relay.ts'
import type { BulkItem, BulkOutcome } from '../bulk-kind.ts'

interface QueuedRow {
  journey_id: string
  journey_name: string
  number_id: string
  contact_id: string | null
  entry: string
  entry_key: string | null
  vars: JsonObject
  cause_id: string
  queued_ms: number
}

/** Lets somebody in who waited at the door of a pause, where the plan and the journey's entry rules allow it. */
export async function letIn(
  deps: Deps,
  item: BulkItem,
  liftedAtMs: number,
  backlog: BacklogPlan,
): Promise<BulkOutcome> {
  const { outcome, outbox } = await forkFor(deps.orm, item.workspaceId).transactional((em) =>
    decide(em, item, liftedAtMs, backlog),
  )
  relaySoon(deps, outbox)
  return outcome
}

async function decide(
  em: Em,
  { id, workspaceId, isRepeat, isSuperseded }: BulkItem,
  liftedAtMs: number,
  backlog: BacklogPlan,
): Promise<{ outcome: BulkOutcome; outbox: OutboxRow[] }> {
  const queued = await takeQueued(em, workspaceId, id)
  // Who is not there any more was let in by the try before this one.
  if (!queued)
    return {
      outcome: isRepeat ? { state: 'done' } : { state: 'skipped', reason: 'nobody waits any more' },
      outbox: [],
    }
  const { journey_id: journeyId, entry, vars, cause_id: causeId } = queued
  const contactId = queued.contact_id ?? undefined
  const entryKey = queued.entry_key ?? undefined
  const entrant: Entrant = {
    workspaceId,
    journey: { id: journeyId, name: queued.journey_name, numberId: queued.number_id },
    ...{ contactId, entry, entryKey, causeId, vars },
  }
  const refuse = async (reason: string) => {
    await noteDropped(em, entrant, reason)
    return { outcome: { state: 'skipped' as const, reason }, outbox: [] }
  }
  if (isSuperseded) return refuse('after the pause only the newest of the contact goes on')
  if (backlog.how === 'drop-older-than' && liftedAtMs - queued.queued_ms > backlog.hours * 3_600_000)
    return refuse(`it waited for more than ${backlog.hours} hours`)
  const journey = await findStartable(em, workspaceId, journeyId)
  if (!journey) return refuse('the journey is not published any more')
  const start = { ...journey, ...(backlog.how === 're-enter-at' && { startCard: backlog.card }) }
  const result = await startRun(em, { ...entrant, journey: start, vars })
  if (result.started) return { outcome: { state: 'done' }, outbox: result.outbox }
  // At another pause's door it waits on.
  if (result.isQueued) return { outcome: { state: 'skipped', reason: result.reason }, outbox: [] }
  return refuse(result.reason)
}

/** Who was merged into another meanwhile enters as that one. */
async function takeQueued(em: Em, workspaceId: string, id: string): Promise<QueuedRow | undefined> {
  const [row] = await em.execute<QueuedRow[]>(
    `with taken as (delete from queued_entrants where id = ? and workspace_id = ? returning *)
     select t.journey_id, j.name as journey_name, j.number_id, coalesce(c.merged_into, t.contact_id) as contact_id, t.entry, t.entry_key, t.vars,
       t.cause_id, extract(epoch from t.queued_at)::float8 * 1000 as queued_ms
     from taken t join journeys j on j.id = t.journey_id left join contacts c on c.id = t.contact_id`,
    [id, workspaceId],
  )
  return row
}
