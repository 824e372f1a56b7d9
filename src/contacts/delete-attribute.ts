import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { createBatch } from './contact-batches.ts'
import { findAttributeUses } from './find-attribute-uses.ts'

/** Refused while a live segment or a published journey leans on it. A worker removes the contacts' values. */
export async function deleteAttribute(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, name, by }: { workspaceId: string; name: string; by: string },
): Promise<void> {
  const deleted = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const uses = await findAttributeUses(em, workspaceId, name)
    if (uses.length > 0) {
      const message = `"${name}" is used by ${uses.map((use) => `the ${use.kind} "${use.name}"`).join(', ')}`
      throw new AppError('conflict', message, { fields: [{ field: 'name', message }], details: { uses } })
    }
    const rows = await em.execute<object[]>(
      'delete from attribute_definitions where workspace_id = ? and name = ? returning id',
      [workspaceId, name],
    )
    if (rows.length > 0) {
      const action = { type: 'forget-attribute' as const, name }
      await createBatch(em, { workspaceId, action, filter: {}, by })
    }
    return rows
  })
  if (deleted.length === 0) throw new AppError('not_found', `there is no custom attribute "${name}"`)
}
