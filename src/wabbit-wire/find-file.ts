import type { Deps } from '../deps.ts'
import { readMedia, getMedia, type MediaFile } from '../media/find-media.ts'
import { AppError } from '../model/errors.ts'
import { openDesk, type Desk, type WireCaller } from './wire-caller.ts'

/**
 * The file that the wire names so: by its own id, or by that of the message that it came with. What came with a message is
 * seen by whoever may read a chat that shows it; the library is everybody's.
 */
export async function findWireFile(
  deps: Pick<Deps, 'orm'>,
  caller: WireCaller,
  id: string,
): Promise<{ file: MediaFile; pieces: () => AsyncIterable<Buffer> }> {
  const desk = await openDesk(deps, caller)
  const mediaId = await mediaIdOf(desk, id)
  const file = await getMedia(desk.em, caller.workspaceId, mediaId)
  return { file, pieces: () => readMedia(desk.em, file.id) }
}

async function mediaIdOf({ em, view: { workspaceId }, seen }: Desk, id: string): Promise<string> {
  const [shown] = await em.execute<{ mediaId: string | null; isSeen: boolean }[]>(
    `select m.media_id as "mediaId", exists (select from conversations v where v.id = m.conversation_id and ${seen.sql}) as "isSeen"
     from messages m where m.workspace_id = ? and (m.id = ? or m.media_id = ?) order by 2 desc limit 1`,
    [...seen.params, workspaceId, id, id],
  )
  if (!shown) return id
  if (shown.isSeen && shown.mediaId) return shown.mediaId
  throw new AppError('not_found', `there is no media ${id}`)
}
