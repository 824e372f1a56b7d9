import { escapeLike } from '../db/escape-like.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { BlockKind } from '../model/block.ts'
import { AppError } from '../model/errors.ts'
import type { Interactive } from '../model/interactive.ts'

/** A block as the API shows one. */
export interface BlockDetail {
  id: string
  name: string
  kind: BlockKind
  content: Interactive
  /** Raised by every change of the content. */
  version: number
  archivedAt: string | null
  createdAt: string
  updatedAt: string
}

export const blockSql = `select b.id, b.workspace_id, b.name, b.kind, b.content, b.version,
  ${isoTime('b.archived_at')} as "archivedAt", ${isoTime('b.created_at')} as "createdAt",
  ${isoTime('b.updated_at')} as "updatedAt" from blocks b where b.deleted_at is null`

export async function getBlock(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  blockId: string,
): Promise<BlockDetail> {
  const [row] = await forkFor(deps.orm, workspaceId).execute<BlockDetail[]>(
    `${blockSql} and b.workspace_id = ? and b.id = ?`,
    [workspaceId, blockId],
  )
  if (!row) throw new AppError('not_found', `block ${blockId} does not exist`)
  return row
}

/**
 * Newest first.
 * @param search part of the name or of any text in it.
 */
export async function listBlocks(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    search?: string | undefined
    kind?: BlockKind | undefined
    archived: boolean
    before?: string | undefined
    limit: number
  },
): Promise<BlockDetail[]> {
  const { workspaceId, search, kind = null, archived, before = null, limit } = input
  const like = search === undefined ? null : `%${escapeLike(search)}%`
  return forkFor(deps.orm, workspaceId).execute<BlockDetail[]>(
    `${blockSql} and b.workspace_id = ? and (?::uuid is null or b.id < ?) and (?::text is null or b.kind = ?)
       and (b.archived_at is not null) = ? and (?::text is null or b.name ilike ? or exists (
         select 1 from jsonb_path_query(b.content, 'strict $.**') t
         where jsonb_typeof(t) = 'string' and t #>> '{}' ilike ?))
     order by b.id desc limit ?`,
    [workspaceId, before, before, kind, kind, archived, like, like, like, limit],
  )
}
