import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { demandFile } from '../media/demand-file.ts'
import type { MediaFile } from '../media/find-media.ts'
import { AppError } from '../model/errors.ts'
import type { WireCaller } from './wire-caller.ts'

/** The file that the wire names so: by its own id, or by that of the message that it came with. */
export async function findWireFile(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, userId }: Pick<WireCaller, 'workspaceId' | 'userId'>,
  id: string,
): Promise<MediaFile> {
  const [message] = await forkFor(deps.orm, workspaceId).execute<{ mediaId: string | null }[]>(
    'select media_id as "mediaId" from messages where workspace_id = ? and id = ?',
    [workspaceId, id],
  )
  if (message?.mediaId === null) throw new AppError('not_found', `the file of message ${id} is not here`)
  return demandFile(deps, { workspaceId, kind: 'user', id: userId }, message?.mediaId ?? id)
}
