import {
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import { woken, type WebhookInput } from './contract.ts'

/** Pages of some seconds over rows that say what is owed: whoever runs one again goes on where the last one was. */
const act = proxyActivities<Activities>({
  startToCloseTimeout: '5 minutes',
  // A killed worker is noticed by its silence.
  heartbeatTimeout: '10s',
  retry: { initialInterval: '500ms', maximumInterval: '20s' },
})

/** What comes within this time needs no new workflow. */
const lingerMs = 60_000
const maximumHistoryEvents = 2_000

/**
 * What is owed to one endpoint, in the order that it happened. Each delivery stands in PostgreSQL with when it is tried next:
 * this tries what is due, sleeps until something is, and ends when nothing is owed.
 */
export async function webhook(input: WebhookInput): Promise<{ outcome: string }> {
  let isWoken = false
  setHandler(woken, () => void (isWoken = true))
  for (;;) {
    isWoken = false
    const { outcome, waitMs, words } = await act.deliverWebhooks(input)
    setCurrentDetails(words)
    if (outcome === 'disabled') return { outcome }
    if (outcome === 'waiting') await condition(() => isWoken, waitMs)
    if (outcome === 'idle' && !(await condition(() => isWoken, lingerMs))) return { outcome }
    const { historyLength, continueAsNewSuggested } = workflowInfo()
    if (historyLength > maximumHistoryEvents || continueAsNewSuggested)
      await continueAsNew<typeof webhook>(input)
  }
}
