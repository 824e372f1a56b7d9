import {
  CancellationScope,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  sleep,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import type { OccurrenceInput } from './contract.ts'

const act = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '500ms', maximumInterval: '20s' },
})

const firstLookMs = 1_000
const slowestLookMs = 10 * 60_000

/**
 * One occurrence of a recurring campaign: makes the run and stays until it is over, so that the Schedule knows whether the next
 * one overlaps with it. Cancelled, because the next one takes its place, it cancels the run.
 */
export async function campaignOccurrence({
  workspaceId,
  campaignId,
}: OccurrenceInput): Promise<{ outcome: string }> {
  const occurrence = workflowInfo().workflowId
  const run = await act.openOccurrence({ workspaceId, campaignId, occurrence })
  if (!run) return { outcome: 'the campaign does not recur any more' }
  setCurrentDetails(`Run ${run.runId} is under way`)
  const order = { workspaceId, runId: run.runId }
  try {
    for (let waitMs = firstLookMs; ; waitMs = Math.min(waitMs * 2, slowestLookMs)) {
      await sleep(waitMs)
      if (await act.isRunOver(order)) return { outcome: 'the run is over' }
    }
  } catch (error) {
    if (!isCancellation(error)) throw error
    await CancellationScope.nonCancellable(() => act.cancelOccurrence(order))
    throw error
  }
}
