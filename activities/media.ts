import { Context } from '@temporalio/activity'
import type { Deps } from '../src/deps.ts'
import { fetchReceived } from '../src/media/fetch-received.ts'

/** A large file takes minutes: meanwhile the process says that it lives. */
const beatEveryMs = 2_000

export function createMediaActivities(deps: Deps) {
  return {
    async fetchReceived(input: Parameters<typeof fetchReceived>[1]) {
      const context = Context.current()
      const timer = setInterval(() => context.heartbeat(), beatEveryMs)
      try {
        return await fetchReceived(deps, input)
      } finally {
        clearInterval(timer)
      }
    },
  }
}
