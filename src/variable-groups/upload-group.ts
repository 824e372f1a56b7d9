import type { Deps } from '../deps.ts'
import { mappingSchema } from '../transfers/import-mapping.ts'
import { findImport } from '../transfers/imports.ts'
import { forkFor } from '../db/orm.ts'
import { mapImport, removeImport, startImport } from '../transfers/steer-import.ts'
import { suggestMapping } from '../transfers/suggest-mapping.ts'
import type { GroupInput } from './manage-groups.ts'
import { fillFromFile, type Filled } from './fill-from-file.ts'

/**
 * Makes a group of a stored upload, or gives it more lines. With a segment the numbers become contacts and members of it too,
 * by an import that goes on in the background; the file is of no more use otherwise, and goes.
 */
export async function uploadGroup(
  deps: Deps,
  input: Omit<GroupInput, 'fields'> & { importId: string; segmentId?: string | undefined },
): Promise<Filled & { importId: string | null }> {
  const { workspaceId, importId, segmentId, by } = input
  const order = { workspaceId, importId, by }
  try {
    const filled = await fillFromFile(deps, input)
    if (segmentId === undefined) {
      await removeImport(deps, order)
      return { ...filled, importId: null }
    }
    await importNumbers(deps, { ...order, segmentId })
    return { ...filled, importId }
  } catch (error) {
    await removeImport(deps, order).catch((other: unknown) => {
      deps.log.warn({ err: other, importId }, 'the file of a refused variable group was not removed')
    })
    throw error
  }
}

/** Lets an import make contacts of a stored file's numbers, and members of a static segment. Other columns are passed over. */
export async function importNumbers(
  deps: Deps,
  order: { workspaceId: string; importId: string; segmentId: string; by: string },
): Promise<void> {
  const { workspaceId, importId, segmentId } = order
  const { file } = await findImport(forkFor(deps.orm, workspaceId), workspaceId, importId)
  const columns = suggestMapping(file.columns, []).filter(({ to }) => to === 'phone_number')
  await mapImport(deps, order, mappingSchema.parse({ columns, segmentIds: [segmentId] }))
  await startImport(deps, { ...order, dryRun: false })
}
