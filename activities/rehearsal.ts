import type { Deps } from '../src/deps.ts'
import { endRehearsal } from '../src/simulation/end-rehearsal.ts'
import { openRehearsal, rehearse } from '../src/simulation/rehearse.ts'

export function createRehearsalActivities(deps: Deps) {
  return {
    openRehearsal: (input: Parameters<typeof openRehearsal>[1]) => openRehearsal(deps, input),
    rehearse: (input: Parameters<typeof rehearse>[1]) => rehearse(deps, input),
    endRehearsal: (input: Parameters<typeof endRehearsal>[1]) => endRehearsal(deps, input),
  }
}
