import { setTimeout as sleep } from 'node:timers/promises'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { getSegment, type Segment } from '../segments/find-segments.ts'
import { openAudience, type AudienceInput } from '../segments/save-audience.ts'
import { importNumbers } from './import-numbers.ts'
import { findImport, type ImportState } from './imports.ts'
import { removeImport } from './steer-import.ts'

/** How an import of numbers goes. */
export interface FileProgress {
  state: ImportState
  rows: number
  accepted: number
  rejected: number
  reason: string | null
}

/** So long a caller waits for a file; what is larger goes on without it. */
const patienceMs = 20_000
const lookEveryMs = 150

/**
 * Makes contacts of a stored upload's numbers, and members of a static segment, by an import.
 * @param read says which segment, after the file has come: it may be refused
 */
export async function uploadAudience(
  deps: Deps,
  input: {
    workspaceId: string
    by: string
    importId: string
    read(): Pick<AudienceInput, 'ref' | 'name' | 'description'>
  },
): Promise<{ segment: Segment; file: FileProgress }> {
  const { workspaceId, by, importId, read } = input
  const order = { workspaceId, importId, by }
  try {
    const { segment } = await openAudience(deps, { workspaceId, by, ...read() })
    await importNumbers(deps, { ...order, segmentId: segment.id })
    const file = await watchImport(deps, order)
    return { segment: await getSegment(deps, workspaceId, segment.id), file }
  } catch (error) {
    await removeImport(deps, order).catch((other: unknown) => {
      deps.log.warn({ err: other, importId }, 'the file of a refused audience was not removed')
    })
    throw error
  }
}

/** Waits for the end of an import, or as long as a caller has patience. */
export async function watchImport(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, importId }: { workspaceId: string; importId: string },
): Promise<FileProgress> {
  const until = Date.now() + patienceMs
  for (;;) {
    const { state, progress, error } = await findImport(forkFor(deps.orm, workspaceId), workspaceId, importId)
    const { rowsRead: rows, accepted, rejected } = progress
    const isOver = ['completed', 'failed', 'cancelled'].includes(state)
    if (isOver || Date.now() >= until) return { state, rows, accepted, rejected, reason: error }
    await sleep(lookEveryMs)
  }
}
