import { cancelOccurrence, isRunOver, openOccurrence } from '../src/campaigns/open-occurrence.ts'
import type { Deps } from '../src/deps.ts'

export function createOccurrenceActivities(deps: Deps) {
  return {
    openOccurrence: (input: Parameters<typeof openOccurrence>[1]) => openOccurrence(deps, input),
    isRunOver: (input: Parameters<typeof isRunOver>[1]) => isRunOver(deps, input),
    cancelOccurrence: (input: Parameters<typeof cancelOccurrence>[1]) => cancelOccurrence(deps, input),
  }
}
