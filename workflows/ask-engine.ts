import { ActivityFailure, isCancellation, proxyActivities } from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import type { RulingInput } from './contract.ts'

/** Its own time-out is 10 seconds at most. A customer waits meanwhile: after half a minute the default rules decide. */
const patiently = proxyActivities<Activities>({
  startToCloseTimeout: '15s',
  scheduleToCloseTimeout: '30s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumAttempts: 3 },
})

/** Asks the workspace's rule engine, again where it gives no answer. */
export async function askEngine(input: RulingInput): Promise<'answered' | 'unanswered'> {
  try {
    return (await patiently.askRuleEngine(input)).outcome
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error
    return 'unanswered'
  }
}
