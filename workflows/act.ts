import { proxyLocalActivities } from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'

/**
 * Local activities: each is one short transaction, at most one call to WhatsApp, and safe to run twice because rows decide.
 * That saves two hand-overs through the server a step. An outage longer than the threshold becomes the workflow's timer.
 */
export const act = proxyLocalActivities<Activities>({
  startToCloseTimeout: '15s',
  localRetryThreshold: '10s',
  retry: { initialInterval: '250ms', backoffCoefficient: 2, maximumInterval: '20s' },
})
