import { z } from 'zod'
import { forkFor } from '../../db/orm.ts'
import type { Deps } from '../../deps.ts'
import { findRun } from '../../journeys/find-runs.ts'
import { restartRun } from '../../journeys/restart-run.ts'
import { runVarsSchema } from '../../model/run-vars.ts'
import { defineBulkKind, type BulkRun } from '../bulk-kind.ts'

/** Starts runs that have ended, or are stuck, again as new runs of their lineages: what was sent is not sent again. */
export const restart = defineBulkKind({
  order: z.strictObject({
    cardId: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .meta({ description: 'each from the card where it stood when absent' }),
    versionId: z.uuid().optional().meta({ description: "each run's own when absent" }),
    vars: runVarsSchema.optional().meta({ description: 'over those that the run had' }),
  }),
  states: ['stuck', 'failed', 'cancelled'],
  isDirect: true,
  async act(deps, { id: runId, workspaceId, operationId, by }, { cardId, versionId, vars }) {
    const run = await findRun(deps, workspaceId, runId)
    const card = cardId ?? run.cardId
    if (!card) return { state: 'failed', reason: 'the run never came to a card: say from which to start' }
    const later = await findLater(deps, run, operationId)
    if (later) return { state: 'skipped', reason: `run ${later} is a later one of its lineage` }
    await restartRun(deps, { workspaceId, runId, by, operationId, cardId: card, versionId, vars })
    return { state: 'done' }
  },
  goesOn: async (_em, run, { cardId, versionId, vars }) => ({
    cardId: cardId ?? run.cardId ?? null,
    versionId,
    vars,
  }),
})

/** Of a lineage the newest run goes on; what this operation has started itself does not count. */
async function findLater(deps: Deps, run: BulkRun, operationId: string): Promise<string | undefined> {
  const [later] = await forkFor(deps.orm, run.workspaceId).execute<{ id: string }[]>(
    `select id from runs where workspace_id = ? and lineage_id = ? and id > ? and not starts_with(entry, ?) limit 1`,
    [run.workspaceId, run.lineageId, run.id, `restart:${operationId}:`],
  )
  return later?.id
}
