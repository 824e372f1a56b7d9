import type { Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { findStore, type StoreName } from './stores/find-store.ts'

interface BlobRow {
  id: string
  workspace_id: string
  store: StoreName
  bytes: number
}

/** Drops what broke off with its process. */
export async function forgetUnfinished(deps: Pick<Deps, 'orm' | 'config'>): Promise<void> {
  const em = deps.orm.em.fork()
  const rows = await em.execute<BlobRow[]>(
    `select id, workspace_id, store from media_blobs where sha256 is null and created_at < now() - interval '1 day' limit 100`,
  )
  for (const { id, workspace_id: workspaceId, store } of rows) {
    await findStore(deps, store).remove({ workspaceId, id })
    await em.execute('delete from media_blobs where id = ? and workspace_id = ? and sha256 is null', [
      ...[id, workspaceId],
    ])
  }
}

/**
 * Moves files to the store that is configured, one after the other, until none is left elsewhere. Whoever changes the setting
 * keeps those of the old store for so long. Returns whether one was moved.
 */
export async function moveBlob(deps: Pick<Deps, 'orm' | 'config'>): Promise<boolean> {
  const store = deps.config.MEDIA_STORE
  return deps.orm.em.fork().transactional(async (tx) => {
    const [blob] = await tx.execute<BlobRow[]>(
      `select id, workspace_id, store, bytes::float8 as bytes from media_blobs where sha256 is not null and store <> ?
       order by id limit 1 for no key update skip locked`,
      [store],
    )
    if (!blob) return false
    await move(deps, tx, blob)
    return true
  })
}

/** The row names the new place only when all of it is there; the old one is cleared after that. */
async function move(deps: Pick<Deps, 'orm' | 'config'>, tx: Em, blob: BlobRow): Promise<void> {
  const store = deps.config.MEDIA_STORE
  const key = { workspaceId: blob.workspace_id, id: blob.id }
  const from = findStore(deps, blob.store)
  await findStore(deps, store).write(key, from.read(key, 0, blob.bytes))
  await tx.execute('update media_blobs set store = ? where id = ? and workspace_id = ?', [
    ...[store, blob.id, blob.workspace_id],
  ])
  await from.remove(key)
}
