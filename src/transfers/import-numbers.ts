import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { mappingSchema } from './import-mapping.ts'
import type { FileDescription } from './describe-file.ts'
import { findImport } from './imports.ts'
import { mapImport, startImport } from './steer-import.ts'
import { suggestMapping } from './suggest-mapping.ts'

/** Lets an import make contacts of a stored file's numbers, and members of a static segment if one is named. Other columns are passed over. */
export async function importNumbers(
  deps: Deps,
  order: { workspaceId: string; importId: string; segmentId?: string | undefined; by: string },
): Promise<void> {
  const { workspaceId, importId, segmentId } = order
  const { file } = await findImport(forkFor(deps.orm, workspaceId), workspaceId, importId)
  const { name: column } = demandPhoneColumn(file)
  const columns = [{ column, to: 'phone_number' }]
  await mapImport(
    deps,
    order,
    mappingSchema.parse({ columns, segmentIds: segmentId === undefined ? [] : [segmentId] }),
  )
  await startImport(deps, { ...order, dryRun: false })
}

/** The column that holds the phone numbers, by its header or, failing that, by what stands in it. */
export function demandPhoneColumn({ columns }: FileDescription): { name: string; at: number } {
  const at = suggestMapping(columns, []).findIndex(({ to }) => to === 'phone_number')
  const name = columns[at]?.name
  // Taken for a name it would be a contact lost.
  if (name !== undefined && isNumber(name))
    throw refuse(`its first row has to name the columns; it holds "${name}"`)
  if (name !== undefined) return { name, at }
  const names = columns.map((each) => `"${each.name}"`).join(', ')
  throw refuse(
    `no column holds phone numbers: call one "number" or "phone"; there are ${names.slice(0, 500)}`,
  )
}

function isNumber(text: string): boolean {
  return /^\+?\d[\d\s().-]{5,}$/.test(text)
}

function refuse(message: string): AppError {
  return new AppError('unprocessable', message, { fields: [{ field: 'file', message }] })
}
