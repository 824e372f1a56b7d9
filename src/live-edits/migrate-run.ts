import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  WorkflowUpdateStage,
} from '@temporalio/client'
import type { BulkItem, BulkOutcome } from '../bulk/bulk-kind.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { findRun } from '../journeys/find-runs.ts'
import { withinTime } from '../kit/within-time.ts'
import { AppError } from '../model/errors.ts'
import { diffJourneys } from '../model/journey-diff.ts'
import { migrate, type MigrationAnswer } from '../../workflows/contract.ts'
import type { MigrateOrder } from '../../workflows/cards/journey-state.ts'
import { completed } from './editions.ts'
import type { MigrationOrder } from './migration-order.ts'
import { loadVersion, orderBack, skipped, type RunRow, type VersionRow } from './order-back.ts'
import { fatesOf, type Plan } from './plan.ts'

/** Temporal takes an update within milliseconds when a worker is there. */
const callTimeoutMs = 10_000
/** A run in the middle of something comes to a boundary soon; it is not waited for longer. */
const boundaryTimeoutMs = 5_000

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

function planFates(plan: Plan, { definition }: VersionRow, to: VersionRow): MigrateOrder['fates'] {
  const diff = diffJourneys(completed(definition), completed(to.definition))
  return fatesOf(plan, { definition, diff })
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
