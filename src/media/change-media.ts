import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { getMedia, type MediaFile } from './find-media.ts'

interface Whose {
  workspaceId: string
  mediaId: string
  by: string
}

export async function renameMedia(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, mediaId, name, by }: Whose & { name: string },
): Promise<MediaFile> {
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await getMedia(em, workspaceId, mediaId)
    await em.execute('update media set name = ? where workspace_id = ? and id = ?', [
      name,
      workspaceId,
      mediaId,
    ])
    await recordFacts(em, workspaceId, [
      { id: newId(), atMs: Date.now(), kind: 'media.renamed', data: { media: mediaId, name, by } },
    ])
    return getMedia(em, workspaceId, mediaId)
  })
}

/** Takes a file out of the library. Its bytes stay: journeys under way and messages that were sent have it still. */
export async function archiveMedia(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, mediaId, by }: Whose,
): Promise<void> {
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { name, archivedAt } = await getMedia(em, workspaceId, mediaId)
    if (archivedAt !== null) return
    await em.execute('update media set archived_at = now() where workspace_id = ? and id = ?', [
      workspaceId,
      mediaId,
    ])
    await recordFacts(em, workspaceId, [
      { id: newId(), atMs: Date.now(), kind: 'media.archived', data: { media: mediaId, name, by } },
    ])
  })
}
