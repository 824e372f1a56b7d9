import { Context } from '@temporalio/activity'
import type { Deps } from '../src/deps.ts'
import { deliverPage, type DeliveredPage } from '../src/outgoing-webhooks/deliver-page.ts'

/** An endpoint may take long to answer: meanwhile the process says that it lives. */
const beatEveryMs = 2_000

export function createWebhookActivities(deps: Deps) {
  return {
    async deliverWebhooks(input: Parameters<typeof deliverPage>[1]): Promise<DeliveredPage> {
      const context = Context.current()
      const timer = setInterval(() => context.heartbeat(), beatEveryMs)
      try {
        return await deliverPage(deps, input, context.cancellationSignal)
      } finally {
        clearInterval(timer)
      }
    },
  }
}
