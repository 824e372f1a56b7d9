import {
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import { bulkProgress, searchAttribute, woken, type BulkInput, type BulkProgress } from './contract.ts'

/** Activities of some seconds that look at the operation's rows: whoever runs them again goes on where the last one was. */
const act = proxyActivities<Activities>({
  startToCloseTimeout: '5 minutes',
  // A killed worker is noticed by its silence.
  heartbeatTimeout: '10s',
  retry: { initialInterval: '500ms', maximumInterval: '20s' },
})

const maximumHistoryEvents = 4_000

/**
 * One order for many runs, in slices of some seconds. What is done, held or ended stands in PostgreSQL: this only comes
 * back until nothing is left, and sleeps while the operation is paused.
 */
export async function bulk(input: BulkInput): Promise<{ outcome: string }> {
  let isWoken = false
  let last: BulkProgress = { state: 'pending', words: '', total: 0, done: 0, skipped: 0, failed: 0 }
  setHandler(woken, () => void (isWoken = true))
  setHandler(bulkProgress, () => last)
  for (;;) {
    isWoken = false
    const { waitMs, ...slice } = await act.runBulkSlice(input)
    if (slice.state !== last.state)
      upsertSearchAttributes([{ key: searchAttribute.state, value: slice.state }])
    last = slice
    setCurrentDetails(slice.words)
    if (slice.state === 'paused') await condition(() => isWoken)
    else if (slice.state !== 'pending' && slice.state !== 'running') return { outcome: slice.state }
    else if (waitMs !== undefined) await condition(() => isWoken, waitMs)
    const { historyLength, continueAsNewSuggested } = workflowInfo()
    if (historyLength > maximumHistoryEvents || continueAsNewSuggested)
      await continueAsNew<typeof bulk>(input)
  }
}
