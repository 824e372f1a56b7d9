import { createSavedResponse } from '../conversations/saved-responses.ts'
import { forkFor } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'
import type { Deps } from '../deps.ts'
import type { Page } from './list-chats.ts'

export interface WireSavedResponse {
  id: number
  text: string
  /** A user name; of keys and rules what they are. */
  created_by: string
  timestamp: number
}

const columns = `s.number::int as id, s.text, floor(extract(epoch from s.created_at))::float8 as timestamp,
  coalesce((select u.username from users u where u.workspace_id = s.workspace_id and 'user ' || u.id = s.by), s.by) as created_by`

/** In the order in which they were written. */
export async function listWireResponses(
  { orm }: Pick<Deps, 'orm'>,
  workspaceId: string,
  { limit, offset }: Page,
): Promise<{ count: number; results: WireSavedResponse[] }> {
  const em = forkFor(orm, workspaceId)
  const [total] = await em.execute<{ count: number }[]>(
    'select count(*)::int as count from saved_responses where workspace_id = ?',
    [workspaceId],
  )
  const results = await em.execute<WireSavedResponse[]>(
    `select ${columns} from saved_responses s where s.workspace_id = ? order by s.number limit ? offset ?`,
    [workspaceId, limit, offset],
  )
  return { count: total?.count ?? 0, results }
}

/** For everybody of the workspace. */
export async function addWireResponse(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, text, by }: { workspaceId: string; text: string; by: string },
): Promise<WireSavedResponse> {
  const { id } = await createSavedResponse(deps, { workspaceId, text, shortcut: null, by })
  const made = await getWireResponse(deps, workspaceId, id)
  if (!made) throw new AppError('not_found', `saved response ${id} does not exist`)
  return made
}

async function getWireResponse(
  { orm }: Pick<Deps, 'orm'>,
  workspaceId: string,
  id: string,
): Promise<WireSavedResponse | undefined> {
  const [row] = await forkFor(orm, workspaceId).execute<WireSavedResponse[]>(
    `select ${columns} from saved_responses s where s.workspace_id = ? and s.id = ?`,
    [workspaceId, id],
  )
  return row
}
