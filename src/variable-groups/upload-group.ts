import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { importNumbers } from '../transfers/import-numbers.ts'
import { removeImport, type ImportOrder } from '../transfers/steer-import.ts'
import { watchImport, type FileProgress } from '../transfers/upload-audience.ts'
import { getSegment, type Segment } from '../segments/find-segments.ts'
import { openAudience } from '../segments/save-audience.ts'
import type { GroupInput } from './manage-groups.ts'
import { fillFromFile, type Filled } from './fill-from-file.ts'

/** Whether a file's numbers that nobody has yet become contacts; a campaign reaches contacts only. */
export const contactPolicies = ['create', 'known-only'] as const

/**
 * Makes a group of a stored upload, or gives it more lines. When asked, or with a segment, whose members they become, the
 * numbers become contacts by an import that goes on in the background; the file is of no more use otherwise, and goes.
 */
export async function uploadGroup(
  deps: Deps,
  input: Omit<GroupInput, 'fields'> & {
    importId: string
    contacts?: (typeof contactPolicies)[number] | undefined
    segmentId?: string | undefined
  },
): Promise<Filled & { importId: string | null }> {
  const { workspaceId, importId, segmentId, contacts, by } = input
  const order = { workspaceId, importId, by }
  return orRemove(deps, order, async () => {
    if (contacts === 'known-only' && segmentId !== undefined) throw contradicted()
    const filled = await fillFromFile(deps, input)
    if (segmentId === undefined && contacts !== 'create') {
      await removeImport(deps, order)
      return { ...filled, importId: null }
    }
    await importNumbers(deps, { ...order, segmentId })
    return { ...filled, importId }
  })
}

/**
 * The same with a static segment by its caller's id, which is made when there is none, and a look at how its import goes.
 * @param read says which group and segment, after the file has come: it may be refused
 */
export async function uploadGroupForAudience(
  deps: Deps,
  input: {
    workspaceId: string
    by: string
    importId: string
    read(): Pick<GroupInput, 'ref' | 'name' | 'description'> & { audience?: string | undefined }
  },
): Promise<Filled & { audience: { segment: Segment; file: FileProgress } | null }> {
  const { workspaceId, by, importId } = input
  const order = { workspaceId, importId, by }
  const { audience, ...group } = await orRemove(deps, order, async () => input.read())
  if (audience === undefined) {
    return { ...(await uploadGroup(deps, { ...order, ...group })), audience: null }
  }
  const { segment } = await orRemove(deps, order, () =>
    openAudience(deps, { workspaceId, ref: audience, by }),
  )
  const filled = await uploadGroup(deps, { ...order, ...group, segmentId: segment.id })
  const file = await watchImport(deps, order)
  return { ...filled, audience: { segment: await getSegment(deps, workspaceId, segment.id), file } }
}

function contradicted(): AppError {
  const message = 'members of a segment are contacts: leave it out, or take `create`'
  return new AppError('invalid_input', `contacts: ${message}`, { fields: [{ field: 'contacts', message }] })
}

/** Of a file that is refused nothing stays. */
async function orRemove<T>(deps: Deps, order: ImportOrder, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    await removeImport(deps, order).catch((other: unknown) => {
      deps.log.warn(
        { err: other, importId: order.importId },
        'the file of a refused variable group was not removed',
      )
    })
    throw error
  }
}
