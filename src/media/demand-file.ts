import { accessSql, readAccess } from '../conversations/access.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { Actor } from '../kit/route.ts'
import { AppError } from '../model/errors.ts'
import { getFile, type MediaFile } from './find-media.ts'

/** The library is everybody's; what came with a message is seen by whoever may read a chat that shows it. */
export async function demandFile(
  deps: Pick<Deps, 'orm'>,
  actor: Pick<Actor, 'workspaceId' | 'kind' | 'id'>,
  id: string,
): Promise<MediaFile> {
  const { workspaceId } = actor
  const em = forkFor(deps.orm, workspaceId)
  const file = await getFile(em, workspaceId, id)
  if (file.origin === 'library') return file
  const may = accessSql(await readAccess(em, actor), 'v', 'read')
  const shown = await em.execute<object[]>(
    `select 1 from messages m join conversations v on v.id = m.conversation_id
     where m.media_id = ? and m.workspace_id = ? and ${may.sql} limit 1`,
    [id, workspaceId, ...may.params],
  )
  if (shown.length === 0) throw new AppError('not_found', `media ${id} does not exist`)
  return file
}
