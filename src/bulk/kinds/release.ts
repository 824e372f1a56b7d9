import { z } from 'zod'
import { forkFor, type Em } from '../../db/orm.ts'
import type { Deps } from '../../deps.ts'
import { backlogPlanSchema, type BacklogPlan } from '../../holds/backlog-plan.ts'
import { getHold } from '../../holds/find-holds.ts'
import { releaseRuns } from '../../holds/place-hold.ts'
import { JourneyVersion } from '../../journeys/entities.ts'
import { findRun } from '../../journeys/find-runs.ts'
import { relaySoon } from '../../outbox/relay.ts'
import type { Order } from '../../../workflows/cards/journey-state.ts'
import { defineBulkKind, type BulkItem, type BulkOutcome, type BulkRun } from '../bulk-kind.ts'
import { letIn } from './let-in.ts'

const orderSchema = z.strictObject({
  holdId: z.uuid(),
  /** How long something has been due counts until then. */
  liftedAtMs: z.number(),
  backlog: backlogPlanSchema,
})

/** Lets those go on who stand at a hold that was lifted, and those in who wait at its door, by a plan. */
export const release = defineBulkKind({
  order: orderSchema,
  states: ['paused'],
  isDirect: false,

  async act(deps, item, { holdId, liftedAtMs, backlog }) {
    if (item.subject === 'entrant') return letIn(deps, item, liftedAtMs, backlog)
    return letGoOn(deps, item, holdId, liftedAtMs, backlog)
  },

  async alsoGather(em, { workspaceId, operationId }, { holdId, backlog }) {
    await em.execute(
      `insert into bulk_items (operation_id, item_id, workspace_id, subject, place)
       select ?::uuid, id, workspace_id, 'entrant', extract(epoch from queued_at) from queued_entrants
       where hold_id = ? and workspace_id = ? on conflict do nothing`,
      [operationId, holdId, workspaceId],
    )
    if (backlog.how === 'newest-only') await markSuperseded(em, workspaceId, operationId)
  },

  async goesOn(em, run, { holdId, backlog }) {
    if (backlog.how === 're-enter-at') return { cardId: backlog.card }
    const hold = await getHold(em, run.workspaceId, holdId)
    // Its wait was frozen: it waits for what was left of it.
    if (hold?.timers === 'freeze' && run.dueAt) return undefined
    return { cardId: await cardAfterWait(em, run) }
  },
})

async function letGoOn(
  deps: Deps,
  { id, workspaceId, isSuperseded }: BulkItem,
  holdId: string,
  liftedAtMs: number,
  backlog: BacklogPlan,
): Promise<BulkOutcome> {
  const run = await findRun(deps, workspaceId, id)
  const order = await orderFor(forkFor(deps.orm, workspaceId), run, { isSuperseded, liftedAtMs, backlog })
  if (typeof order === 'string') return { state: 'failed', reason: order }
  const outbox = await forkFor(deps.orm, workspaceId).transactional((em) =>
    releaseRuns(em, { workspaceId, holdId, runIds: [id], order }),
  )
  relaySoon(deps, outbox)
  return { state: 'done' }
}

/** Where the plan sends a run; a text says why it cannot be sent there. */
async function orderFor(
  em: Em,
  run: BulkRun,
  plan: { isSuperseded: boolean; liftedAtMs: number; backlog: BacklogPlan },
): Promise<Order | string | undefined> {
  const { backlog } = plan
  if (plan.isSuperseded)
    return { action: 'exit', reason: 'after a pause only the newest of the contact goes on' }
  if (backlog.how === 'drop-older-than') {
    const overdueMs = plan.liftedAtMs - (run.dueAt ?? run.updatedAt).getTime()
    if (overdueMs > backlog.hours * 3_600_000)
      return { action: 'exit', reason: `after a pause it was overdue for more than ${backlog.hours} hours` }
  }
  if (backlog.how !== 're-enter-at') return undefined
  const { definition, number } = await em.findOneOrFail(JourneyVersion, { id: run.versionId })
  if (definition.cards[backlog.card]) return { action: 'goto', card: backlog.card }
  return `version ${number} has no card "${backlog.card}"`
}

/** Of each contact only what fell due last goes on; who is nobody's contact is nobody's double. */
async function markSuperseded(em: Em, workspaceId: string, operationId: string): Promise<void> {
  await em.execute(
    `with ranked as (
       select i.item_id, row_number() over (partition by coalesce(r.contact_id, q.contact_id) order by i.place desc, i.item_id desc)
         as nth
       from bulk_items i left join runs r on i.subject = 'run' and r.id = i.item_id
       left join queued_entrants q on i.subject = 'entrant' and q.id = i.item_id
       where i.operation_id = ? and i.workspace_id = ? and coalesce(r.contact_id, q.contact_id) is not null)
     update bulk_items i set superseded = true from ranked
     where i.operation_id = ? and i.item_id = ranked.item_id and ranked.nth > 1`,
    [operationId, workspaceId, operationId],
  )
}

/** A run whose wait is over stands at the card that waited, and goes on behind it. */
async function cardAfterWait(em: Em, { versionId, cardId, dueAt }: BulkRun): Promise<string | null> {
  const { definition } = await em.findOneOrFail(JourneyVersion, { id: versionId })
  const node = cardId ? definition.cards[cardId] : undefined
  if (!cardId || !node || !dueAt || dueAt.getTime() > Date.now()) return cardId ?? null
  return node.next[node.type === 'time-delay' ? 'done' : 'timeout'] ?? null
}
