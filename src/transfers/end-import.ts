import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { lockImport } from './imports.ts'
import type { SliceInput } from './import-rows.ts'

/** Shows an import as held, or as going on. */
export async function standImport(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, importId, state }: SliceInput & { state: 'paused' | 'running' },
): Promise<void> {
  await forkFor(deps.orm, workspaceId).execute(
    `update imports set state = ?, asked_to_stop = false, updated_at = now()
     where workspace_id = ? and id = ? and state in ('running', 'paused')`,
    [state, workspaceId, importId],
  )
}

/** Closes an import. What it has stored stays; a dry run has stored nothing but its findings. */
export async function endImport(
  deps: Pick<Deps, 'orm'>,
  input: SliceInput & { state: 'completed' | 'cancelled' | 'failed'; reason?: string | undefined },
): Promise<{ outcome: string }> {
  const { workspaceId, importId, reason } = input
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { state: before, dryRun, factId, name, progress } = await lockImport(em, workspaceId, importId)
    if (!['running', 'paused'].includes(before)) return { outcome: before }
    const state = dryRun && input.state === 'completed' ? 'checked' : input.state
    const stage = state === 'completed' || state === 'checked' ? 'done' : undefined
    await em.execute(
      `update imports set state = ?, stage = coalesce(?, stage), error = ?, ended_at = now(), updated_at = now()
       where workspace_id = ? and id = ?`,
      [state, stage ?? null, state === 'failed' ? (reason ?? null) : null, workspaceId, importId],
    )
    if (dryRun) await em.execute('delete from import_contacts where import_id = ?', [importId])
    const { created, updated, rejected } = progress
    await recordFacts(em, workspaceId, [
      {
        id: newId(),
        atMs: Date.now(),
        kind: 'import.ended',
        causeId: factId,
        data: { import: importId, name, state, created, updated, rejected },
      },
    ])
    return { outcome: state }
  })
}
