import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { saveProgress, type RunProgress } from './save-progress.ts'

/** A run follows another version of its journey from now on. */
export async function moveRun(
  deps: Pick<Deps, 'orm'>,
  progress: RunProgress & { versionId: string },
): Promise<void> {
  const { run, versionId } = progress
  await forkFor(deps.orm, run.workspaceId).transactional(async (em) => {
    await saveProgress(em, progress)
    await em.execute(
      'update runs set version_id = ? where id = ? and workspace_id = ? and ended_at is null',
      [versionId, run.runId, run.workspaceId],
    )
  })
}
