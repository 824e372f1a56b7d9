import { Context } from '@temporalio/activity'
import { runBulkSlice, type BulkSlice } from '../src/bulk/run-slice.ts'
import type { Deps } from '../src/deps.ts'

/** A few items may take long to answer: meanwhile the process says that it lives. */
const beatEveryMs = 2_000

export function createBulkActivities(deps: Deps) {
  return {
    async runBulkSlice(input: Parameters<typeof runBulkSlice>[1]): Promise<BulkSlice> {
      const context = Context.current()
      let place = ''
      const beat = (words: string) => context.heartbeat((place = words))
      const timer = setInterval(() => beat(place), beatEveryMs)
      try {
        return await runBulkSlice({ ...deps, beat }, input)
      } finally {
        clearInterval(timer)
      }
    },
  }
}
