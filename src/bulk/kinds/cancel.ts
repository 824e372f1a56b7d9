import { z } from 'zod'
import { findRun } from '../../journeys/find-runs.ts'
import { cancelRun } from '../../journeys/steer-run.ts'
import { defineBulkKind } from '../bulk-kind.ts'

/** Ends runs for good. */
export const cancel = defineBulkKind({
  order: z.strictObject({}),
  states: ['running', 'waiting', 'stuck', 'paused'],
  isDirect: true,
  async act(deps, { id: runId, workspaceId, operationId, isRepeat, by }) {
    if (isRepeat && (await findRun(deps, workspaceId, runId)).state === 'cancelled') return { state: 'done' }
    await cancelRun(deps, { workspaceId, runId, by, operationId })
    return { state: 'done' }
  },
})
