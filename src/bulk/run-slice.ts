import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { endBulk } from './end-bulk.ts'
import { findBulk, type BulkRow } from './find-bulk.ts'
import { gatherItems } from './gather-items.ts'
import { judgeCanary } from './judge-canary.ts'
import { workItems } from './work-items.ts'

/** After so long a slice ends; what its operation was told meanwhile is heard after each chunk of items. */
const sliceMs = 20_000
/** Items come in portions of so many seconds of the allowed rate, one at least. */
const portionSeconds = 5
/** Items that are dealt with before somebody looks at the operation again. */
const chunkSize = 64
/** Where something does not answer, all of it is asked again after this. */
const againMs = 2_000

export interface BulkSliceDeps extends Deps {
  /** A sign of life after each step, with words of where it stands. */
  beat(words: string): void
}
export interface BulkSlice {
  state: BulkRow['state']
  /** Where the operation stands, for people. */
  words: string
  total: number
  done: number
  skipped: number
  failed: number
  /** How long to wait before the next slice. */
  waitMs?: number
}

/** Carries an operation on for some seconds: from its rows, whoever did what before. */
export async function runBulkSlice(
  deps: BulkSliceDeps,
  order: { workspaceId: string; operationId: string },
): Promise<BulkSlice> {
  const find = () => findBulk(forkFor(deps.orm, order.workspaceId), order.workspaceId, order.operationId)
  const before = await find()
  const waitMs = before.state === 'pending' ? await gather(deps, before) : await work(deps, before)
  const after = await find()
  const { state, total, done, skipped, failed } = after
  const words = `${state}: ${done} done, ${skipped} skipped, ${failed} failed of ${total}`
  return { state, words, total, done, skipped, failed, ...(waitMs > 0 && { waitMs }) }
}

async function gather(deps: BulkSliceDeps, { workspaceId, id }: BulkRow): Promise<number> {
  const until = Date.now() + sliceMs
  while (!(await gatherItems(deps, { workspaceId, operationId: id })) && Date.now() < until)
    deps.beat('listing the runs')
  return 0
}

async function work(deps: BulkSliceDeps, operation: BulkRow): Promise<number> {
  if (operation.state !== 'running') return 0
  const startedAt = Date.now()
  const rate = paceOf(operation)
  const portion = Math.max(1, Math.floor((rate * portionSeconds) / 60))
  let worked = 0
  while (worked < portion && Date.now() < startedAt + sliceMs) {
    const now = await findBulk(forkFor(deps.orm, operation.workspaceId), operation.workspaceId, operation.id)
    if (now.state !== 'running') return 0
    const canary = await judgeCanary(deps, now)
    if (canary.verdict === 'wait' || canary.verdict === 'stopped') return canary.waitMs
    const chunk = await workItems(deps, now, Math.min(chunkSize, portion - worked, canary.left))
    worked += chunk.worked
    deps.beat(`${now.done + now.skipped + now.failed + chunk.worked} of ${now.total}`)
    if (chunk.again > 0) return againMs
    if (chunk.worked === 0) return endIfAllDone(deps, now)
  }
  return Math.max(0, (worked * 60_000) / rate - (Date.now() - startedAt))
}

/** Nothing is left but what the canary still withholds. */
async function endIfAllDone(deps: Deps, operation: BulkRow): Promise<number> {
  await endBulk(deps, operation, 'completed')
  return 0
}

/** Items a minute: in even steps over the hours that were given, never faster than the rate. */
function paceOf({ ratePerMinute, spreadHours, total }: BulkRow): number {
  const rate = ratePerMinute ?? 60_000
  return spreadHours === null ? rate : Math.min(rate, Math.max(total, 1) / (spreadHours * 60))
}
