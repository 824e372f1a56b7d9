import type { Deps } from '../deps.ts'
import { importNumbers } from '../transfers/import-numbers.ts'
import { removeImport, type ImportOrder } from '../transfers/steer-import.ts'
import { watchImport, type FileProgress } from '../transfers/upload-audience.ts'
import { getSegment, type Segment } from '../segments/find-segments.ts'
import { openAudience } from '../segments/save-audience.ts'
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
  return orRemove(deps, order, async () => {
    const filled = await fillFromFile(deps, input)
    if (segmentId === undefined) {
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
