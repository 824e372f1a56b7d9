import { demandTags } from '../conversations/access.ts'
import { createTag } from '../conversations/tags.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { labelSchema } from '../model/label.ts'
import { AppError } from '../model/errors.ts'
import { toWireTag } from './tags.ts'
import { openDesk, type WireCaller } from './wire-caller.ts'
import type { WireTag } from './wire-view.ts'

/** In the order of their numbers. */
export async function listTags(
  { orm }: Pick<Deps, 'orm'>,
  workspaceId: string,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ count: number; results: WireTag[] }> {
  const em = forkFor(orm, workspaceId)
  const [total] = await em.execute<{ count: number }[]>(
    'select count(*)::int as count from tags where workspace_id = ?',
    [workspaceId],
  )
  const rows = await em.execute<{ id: number; name: string; color: string | null }[]>(
    `select t.number::int as id, t.name, t.color from tags t where t.workspace_id = ?
     order by t.number limit ? offset ?`,
    [workspaceId, limit, offset],
  )
  return { count: total?.count ?? 0, results: rows.map(toWireTag) }
}

export async function addTag(
  deps: Deps,
  caller: WireCaller,
  { name, color, by }: { name: string; color: string | null; by: string },
): Promise<WireTag> {
  const { access } = await openDesk(deps, caller)
  demandTags(access)
  const { error } = labelSchema.safeParse(name)
  if (error) refuse('invalid_input', error.issues[0]?.message ?? '')
  try {
    const { number, ...made } = await createTag(deps, { workspaceId: caller.workspaceId, name, color, by })
    return toWireTag({ id: number, name: made.name, color: made.color })
  } catch (error_) {
    if (!(error_ instanceof AppError) || error_.code !== 'conflict') throw error_
    return refuse('conflict', 'tag with this name already exists.')
  }
}

function refuse(code: 'invalid_input' | 'conflict', message: string): never {
  throw new AppError(code, message, { fields: [{ field: 'name', message }] })
}
