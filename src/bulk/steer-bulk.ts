import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { enqueue } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import type { BulkState } from './bulk-schema.ts'
import { lockBulk, type BulkRow } from './find-bulk.ts'

const steps = {
  pause: { from: ['pending', 'running', 'paused'], to: 'paused', kind: 'bulk.paused' },
  resume: { from: ['pending', 'running', 'paused'], to: 'running', kind: 'bulk.resumed' },
  cancel: { from: ['pending', 'running', 'paused', 'cancelled'], to: 'cancelled', kind: 'bulk.cancelled' },
} as const satisfies Record<string, { from: BulkState[]; to: BulkState; kind: string }>
export type BulkStep = keyof typeof steps

/**
 * Holds an operation, lets it go on, or ends it: what was done stays done, what is left is left alone. The row rules: a
 * worker looks at it between a few items and the next; the workflow is only woken.
 */
export async function steerBulk(
  deps: Deps,
  order: { workspaceId: string; operationId: string; by: string },
  step: BulkStep,
): Promise<BulkRow> {
  const { workspaceId, operationId, by } = order
  const { from, to, kind } = steps[step]
  const { operation, outbox } = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const before = await lockBulk(em, workspaceId, operationId)
    if (!(from as BulkState[]).includes(before.state))
      throw new AppError('conflict', `the operation cannot be ${step}d: it is ${before.state}`)
    const state = step === 'resume' && before.gatheredAt === null ? 'pending' : to
    if (state !== before.state) {
      await em.execute(
        `update bulk_operations set state = ?, updated_at = now(), ended_at = case when ? then now() end
         where workspace_id = ? and id = ?`,
        [state, step === 'cancel', workspaceId, operationId],
      )
      const data = { operation: operationId, kind: before.kind, by }
      await recordFacts(em, workspaceId, [
        { id: newId(), atMs: Date.now(), kind, causeId: before.factId, data },
      ])
    }
    const { workflowId } = before
    const payload = { workspaceId, operationId }
    return {
      operation: await lockBulk(em, workspaceId, operationId),
      outbox: await enqueue(em, [{ name: 'bulk', workflowId, payload }]),
    }
  })
  relaySoon(deps, outbox)
  return operation
}
