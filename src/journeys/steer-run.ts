import { setTimeout as sleep } from 'node:timers/promises'
import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { recordFacts } from '../analytics/facts.ts'
import { derivedId, newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { withinTime } from '../kit/within-time.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { paused, resolve, resumed } from '../../workflows/contract.ts'
import type { Resolution } from '../../workflows/cards/journey-state.ts'
import { findRun } from './find-runs.ts'
import { letGo } from './let-go.ts'
import { readResolution } from './read-resolution.ts'
import type { GivenResolution } from './resolution-schema.ts'

/** Temporal answers within milliseconds when a worker is there; without one nobody should wait for long. */
const callTimeoutMs = 10_000
/** A relay takes milliseconds while Temporal answers. */
const startPatienceMs = 5_000

export interface RunOrder {
  workspaceId: string
  runId: string
  /** Who ordered it, for the trace. */
  by: string
  /** The bulk operation that it is part of: whatever it does to a run is one thing, however often it is tried. */
  operationId?: string | undefined
}
type RunRow = Awaited<ReturnType<typeof findRun>>

/** Holds a run at its next card, or lets it go on. */
export async function holdRun(deps: Deps, order: RunOrder & { action: 'pause' | 'resume' }): Promise<void> {
  const run = await findLiveRun(deps, order)
  const handle = deps.temporal.workflow.getHandle(run.workflowId)
  const signal = order.action === 'pause' ? paused : resumed
  await awaitStart(deps, run)
  try {
    await withinTime(deps, callTimeoutMs, () => handle.signal(signal))
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error
    throw new AppError('conflict', 'its workflow is not there: cancel the run, then restart it from a card')
  }
  await note(deps, order, run, order.action === 'pause' ? 'run.paused' : 'run.resumed')
}

/** Ends a run for good, also one whose workflow Temporal does not know (any more). */
export async function cancelRun(deps: Deps, order: RunOrder): Promise<void> {
  const run = await findLiveRun(deps, order)
  const handle = deps.temporal.workflow.getHandle(run.workflowId)
  await forgetStart(deps, run)
  if (await isThere(deps, run)) await withinTime(deps, callTimeoutMs, () => handle.cancel())
  else await endRow(deps, run)
  await note(deps, order, run, 'run.cancelled')
}

/** Temporal takes the cancellation of a workflow that was terminated, and nothing comes of it. */
async function isThere(deps: Deps, { workflowId }: RunRow): Promise<boolean> {
  try {
    const { status } = await withinTime(deps, callTimeoutMs, () =>
      deps.temporal.workflow.getHandle(workflowId).describe(),
    )
    return status.name === 'RUNNING'
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false
    throw error
  }
}

/** Tells a stuck run how to go on. Returns the card it was stuck at. */
export async function resolveRun(
  deps: Deps,
  order: RunOrder & { resolution: GivenResolution },
): Promise<{ cardId: string }> {
  const { workspaceId, runId, operationId, by } = order
  const run = await findRun(deps, workspaceId, runId)
  const resolution = await readResolution(forkFor(deps.orm, workspaceId), run.journeyId, order.resolution, by)
  const handle = deps.temporal.workflow.getHandle(run.workflowId)
  const update = { args: [resolution] as [Resolution], ...(operationId && { updateId: operationId }) }
  try {
    refuseEnded(run)
    return await withinTime(deps, callTimeoutMs, () => handle.executeUpdate(resolve, update))
  } catch (error) {
    const refusal = refusalOf(error) ?? error
    if (operationId && refusal instanceof AppError && refusal.code === 'conflict') {
      const taken = await findTaken(deps, run, operationId)
      if (taken) return taken
    }
    throw refusal
  }
}

/** What an operation's resolution came to, where it was taken before; the run may have ended since. */
async function findTaken(
  deps: Deps,
  { workflowId }: RunRow,
  operationId: string,
): Promise<{ cardId: string } | undefined> {
  const update = deps.temporal.workflow.getHandle(workflowId).getUpdateHandle(operationId)
  try {
    return (await withinTime(deps, callTimeoutMs, () => update.result())) as { cardId: string }
  } catch {
    // Never heard of, or refused: either way this operation has not resolved the run.
    return undefined
  }
}

function refusalOf(error: unknown): AppError | undefined {
  if (error instanceof WorkflowNotFoundError)
    return new AppError('conflict', 'the run is not stuck: its workflow has ended')
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)
    return new AppError('unavailable', 'no worker answered in time; the resolution may still be taken')
  if (!(error instanceof WorkflowUpdateFailedError)) return undefined
  const { cause } = error
  const message = cause?.message ?? error.message
  if (message.includes('not stuck')) return new AppError('conflict', message)
  return cause instanceof ApplicationFailure && cause.type === 'unprocessable'
    ? new AppError('unprocessable', message)
    : undefined
}

async function findLiveRun(deps: Deps, { workspaceId, runId }: RunOrder): Promise<RunRow> {
  const run = await findRun(deps, workspaceId, runId)
  refuseEnded(run)
  return run
}

function refuseEnded({ endedAt, state, outcome }: RunRow): void {
  if (endedAt) throw new AppError('conflict', `the run has ended (${state}: ${outcome ?? ''})`)
}

/** A start that Temporal has not been told of must not be told any more; one being told at this moment is awaited. */
async function forgetStart(deps: Deps, run: RunRow): Promise<void> {
  await forkFor(deps.orm, run.workspaceId).execute(
    "delete from outbox where workflow_id = ? and name = 'journey' and claimed_until <= now()",
    [run.workflowId],
  )
  await awaitStart(deps, run)
}

/** Right after a run was asked for, its workflow may be a moment away. */
async function awaitStart(deps: Deps, { workspaceId, workflowId }: RunRow): Promise<void> {
  const em = forkFor(deps.orm, workspaceId)
  const until = Date.now() + startPatienceMs
  for (;;) {
    const [pending] = await em.execute<object[]>(
      "select 1 from outbox where workflow_id = ? and name = 'journey'",
      [workflowId],
    )
    if (!pending) return
    if (Date.now() > until)
      throw new AppError('unavailable', 'the run is just being started', { retryAfterMs: 2_000 })
    await sleep(100)
  }
}

async function endRow(deps: Deps, { id, workspaceId, conversationId }: RunRow): Promise<void> {
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await letGo(em, { runId: id, conversationId: conversationId ?? undefined })
    await em.execute(
      `update runs set state = 'cancelled', ended_at = now(), updated_at = now(), outcome = 'cancelled by hand',
         error_code = null, error_reason = null where id = ? and ended_at is null`,
      [id],
    )
  })
}

/** Of an operation it is one fact, however often the operation tries. */
async function note(deps: Deps, { by, operationId }: RunOrder, run: RunRow, kind: string): Promise<void> {
  const em = forkFor(deps.orm, run.workspaceId)
  const id = operationId ? derivedId(operationId, run.id, kind) : newId()
  const [known] = operationId
    ? await em.execute<object[]>('select 1 from facts where run_id = ? and id = ?', [run.id, id])
    : []
  if (known) return
  const data: JsonObject = { by, ...(operationId && { operation: operationId }) }
  await recordFacts(em, run.workspaceId, [
    {
      id,
      atMs: Date.now(),
      kind,
      contactId: run.contactId ?? undefined,
      runId: run.id,
      causeId: run.factId,
      data,
    },
  ])
}
