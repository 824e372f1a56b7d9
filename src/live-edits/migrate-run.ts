import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  WorkflowUpdateStage,
} from '@temporalio/client'
import type { BulkItem, BulkOutcome } from '../bulk/bulk-kind.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { JourneyVersion } from '../journeys/entities.ts'
import { findRun } from '../journeys/find-runs.ts'
import { withinTime } from '../kit/within-time.ts'
import { AppError } from '../model/errors.ts'
import { diffJourneys } from '../model/journey-diff.ts'
import { migrate, type MigrationAnswer } from '../../workflows/contract.ts'
import type { MigrateOrder } from '../../workflows/cards/journey-state.ts'
import { completed } from './editions.ts'
import type { MigrationOrder } from './migration-order.ts'
import { fatesOf, type Plan } from './plan.ts'

/** Temporal takes an update within milliseconds when a worker is there. */
const callTimeoutMs = 10_000
/** A run in the middle of something comes to a boundary soon; it is not waited for longer. */
const boundaryTimeoutMs = 5_000

type RunRow = Awaited<ReturnType<typeof findRun>>

/** Moves a run by a migration, or back. Its workflow takes each migration's order once, whoever asks again. */
export async function migrateRun(deps: Deps, item: BulkItem, order: MigrationOrder): Promise<BulkOutcome> {
  const { workspaceId, operationId } = item
  const em = forkFor(deps.orm, workspaceId)
  const run = await findRun(deps, workspaceId, item.id)
  if (item.isRepeat && (await wasOrdered(em, run, operationId))) return { state: 'done' }
  if (run.endedAt) return skipped(`the run has ended (${run.state}: ${run.outcome ?? ''})`)
  const made = await (order.direction === 'forth' ? orderForth(em, run, order) : orderBack(em, run, order))
  if ('state' in made) return made
  const { outcome, cardId } = await tell(deps, run, { ...made, by: item.by, migration: operationId })
  switch (outcome) {
    case 'stays':
      return skipped(`it stays on its version at card "${cardId ?? ''}"`)
    case 'superseded':
      return skipped('another migration has moved it, or will')
    case 'ended':
      return skipped('the run has ended')
    default:
      return { state: 'done' }
  }
}

function skipped(reason: string): BulkOutcome {
  return { state: 'skipped', reason }
}

/** A try before this one came as far as the trace. */
async function wasOrdered(em: Em, { id, workspaceId }: RunRow, operationId: string): Promise<boolean> {
  const rows = await em.execute<object[]>(
    `select 1 from facts where workspace_id = ? and run_id = ? and kind in ('run.ordered', 'run.resolved')
       and data ->> 'migration' = ? limit 1`,
    [workspaceId, id, operationId],
  )
  return rows.length > 0
}

async function orderForth(
  em: Em,
  run: RunRow,
  order: Extract<MigrationOrder, { direction: 'forth' }>,
): Promise<MigrateOrder | BulkOutcome> {
  if (run.versionId === order.toVersionId) return skipped('it is of that version already')
  // Since it was put on the list it may have gone elsewhere: what was planned for its old version says nothing of that.
  if (!order.fromVersionIds.includes(run.versionId))
    return skipped('it has gone to another version, which the migration is not for')
  const [from, to] = await Promise.all([loadVersion(em, run.versionId), loadVersion(em, order.toVersionId)])
  return {
    action: 'migrate',
    version: { id: to.id, number: to.number },
    definition: to.definition,
    timing: 'keep-elapsed',
    fates: planFates(order.plan, from, to),
    fromVersionId: from.id,
  }
}

type VersionRow = Awaited<ReturnType<typeof loadVersion>>

function loadVersion(em: Em, id: string) {
  return em.fork().findOneOrFail(JourneyVersion, { id })
}

function planFates(plan: Plan, { definition }: VersionRow, to: VersionRow): MigrateOrder['fates'] {
  const diff = diffJourneys(completed(definition), completed(to.definition))
  return fatesOf(plan, { definition, diff })
}

interface MovedRow {
  from_version_id: string
  from_card: string | null
  to_card: string | null
  to_version_id: string | null
  entered_ms: number | null
  has_spoken: boolean
}

/**
 * Where it stands still, or nothing was said since, by either side, it goes back to the card that it came from, and has waited there since it
 * first came. Otherwise it goes on at the same card, if there is one: nothing is said twice.
 */
async function orderBack(
  em: Em,
  run: RunRow,
  { migrationId }: Extract<MigrationOrder, { direction: 'back' }>,
): Promise<MigrateOrder | BulkOutcome> {
  const [moved] = await em.execute<MovedRow[]>(
    `select r.from_version_id, r.from_card, r.to_card, m.to_version_id,
       extract(epoch from r.entered_at)::float8 * 1000 as entered_ms,
       exists (select 1 from messages s where s.run_id = r.run_id and s.direction = 'out' and s.inflight_at > r.moved_at
         and s.state in ('inflight', 'accepted', 'unknown'))
       or exists (select 1 from messages s where s.conversation_id = ? and s.direction = 'in' and s.created_at > r.moved_at
         and starts_with(s.answers_ask_key, r.run_id || ':')) as has_spoken
     from migrated_runs r join journey_migrations m on m.id = r.migration_id where r.migration_id = ? and r.run_id = ? and r.workspace_id = ?`,
    [run.conversationId ?? null, migrationId, run.id, run.workspaceId],
  )
  // It has the order, and stands at a hold: the order is taken back.
  const back = await loadVersion(em, moved?.from_version_id ?? run.versionId)
  const { id, number, definition } = back
  const order = { action: 'migrate' as const, version: { id, number }, definition, revokes: migrationId }
  if (!moved) return { ...order, timing: 'keep-elapsed' }
  if (run.versionId === id) return skipped('it is of the version that it came from already')
  if (run.versionId !== moved.to_version_id) return skipped('it has gone on to another version since')
  const there = await loadVersion(em, run.versionId)
  return {
    ...order,
    timing: 'keep-elapsed',
    fromVersionId: run.versionId,
    fates: wayBack(run, moved, there, back),
  }
}

function wayBack(
  { cardId }: RunRow,
  moved: MovedRow,
  there: VersionRow,
  back: VersionRow,
): MigrateOrder['fates'] {
  const { from_card: fromCard, to_card: toCard } = moved
  const gone = Object.keys(there.definition.cards).filter((card) => !back.definition.cards[card])
  const fates: NonNullable<MigrateOrder['fates']> = Object.fromEntries(
    gone.map((card) => [card, { action: 'stay' }]),
  )
  if (toCard === null || fromCard === null || !back.definition.cards[fromCard]) return fates
  const enteredAtMs = moved.entered_ms === null ? undefined : Math.round(moved.entered_ms)
  const home = { action: 'move' as const, card: fromCard, timing: 'keep-elapsed' as const, enteredAtMs }
  return { ...fates, [toCard]: home, ...(!moved.has_spoken && cardId && { [cardId]: home }) }
}

/** A run that takes the order and does not come to a boundary at once follows it when it does. */
async function tell(deps: Deps, run: RunRow, order: MigrateOrder): Promise<MigrationAnswer> {
  const handle = deps.temporal.workflow.getHandle(run.workflowId)
  try {
    const update = await withinTime(deps, callTimeoutMs, () =>
      handle.startUpdate(migrate, {
        args: [order],
        ...(order.migration && { updateId: order.migration }),
        waitForStage: WorkflowUpdateStage.ACCEPTED,
      }),
    )
    return await withinTime(deps, boundaryTimeoutMs, () => update.result()).catch((error: unknown) => {
      if (!(error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)) throw error
      return { outcome: 'later' as const, cardId: run.cardId ?? null }
    })
  } catch (error) {
    throw refusalOf(error) ?? error
  }
}

function refusalOf(error: unknown): AppError | undefined {
  // Its row says that it is inside: looked at again, it has ended or begun.
  if (error instanceof WorkflowNotFoundError)
    return new AppError('unavailable', 'its workflow is not there: it has just ended, or has yet to begin')
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)
    return new AppError('unavailable', 'no worker answered in time; the run may still move')
  if (!(error instanceof WorkflowUpdateFailedError)) return undefined
  const message = error.cause?.message ?? error.message
  return new AppError(message.includes('has no card') ? 'unprocessable' : 'conflict', message)
}
