import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { readChunks } from './import-chunks.ts'
import { findImport, lockImport, type ImportRow } from './imports.ts'
import { parseFile } from './parse-file.ts'
import { withRawConnection } from './raw-connection.ts'
import { BatchRefused, storeBatch } from './store-batch.ts'

/** As many as PostgreSQL stores in about a second: the more a statement takes, the less each row costs. */
const rowsABatch = 20_000
const bytesABatch = 2_000_000
/** After so long a slice ends. A pause or an end that somebody asks for is heard after each batch. */
const sliceMs = 30_000

export interface SliceInput {
  workspaceId: string
  importId: string
}
export interface SliceDeps extends Deps {
  /** A sign of life after each step, with words of where it stands. */
  beat(words: string): void
}
export interface SliceResult {
  /** Whether this stage has nothing left to do. */
  done: boolean
  /** Where the import stands, for people. */
  words: string
  /** How long to wait before the next slice. */
  waitMs?: number
}

/** Stores rows from the cursor on, for some seconds. */
export async function importRows(
  deps: SliceDeps,
  { workspaceId, importId }: SliceInput,
): Promise<SliceResult> {
  const em = forkFor(deps.orm, workspaceId)
  const imported = await findImport(em, workspaceId, importId)
  if (imported.state !== 'running' || imported.stage !== 'rows') return { done: true, words: imported.stage }
  if (!imported.hasFile) throw new AppError('unprocessable', 'the file of this import was removed')
  try {
    const finished = await storeSlice(deps, imported)
    if (finished) await enterEffects(deps, imported)
  } catch (error) {
    // Another worker has gone on with it, or it was cancelled: what follows looks at the row again.
    if (!(error instanceof BatchRefused)) throw error
    deps.log.info({ importId, err: error }, 'a slice of an import was overtaken')
  }
  const { stage, progress, offsetBytes, bytes } = await findImport(em, workspaceId, importId)
  const share = bytes === 0 ? 100 : Math.floor((offsetBytes * 100) / bytes)
  return { done: stage !== 'rows', words: `${progress.rowsRead} rows read (${share}% of the file)` }
}

/** Returns whether the file is at its end. */
async function storeSlice(deps: SliceDeps, imported: ImportRow): Promise<boolean> {
  const { id, file, plan } = imported
  const until = Date.now() + sliceMs
  const input = {
    plan,
    file: { ...file, width: file.columns.length },
    startsAt: imported.offsetBytes,
    nextRow: imported.lastRow + 1,
    rowsABatch,
    bytesABatch,
  }
  return withRawConnection(deps.config, (reader) =>
    withRawConnection(deps.config, async (writer) => {
      let startsAt = imported.offsetBytes
      for await (const batch of parseFile(id, input, readChunks(reader, id, input.startsAt))) {
        const { askedToStop } = await storeBatch(writer, imported, startsAt, batch)
        startsAt = batch.endsAt
        deps.beat(`row ${batch.lastRow}`)
        if (askedToStop || Date.now() > until) return false
      }
      return true
    }),
  )
}

async function enterEffects(deps: SliceDeps, { workspaceId, id }: ImportRow): Promise<void> {
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { stage, dryRun } = await lockImport(em, workspaceId, id)
    if (stage !== 'rows') return
    await em.execute(
      `update imports set stage = ?, after_contact = null, updated_at = now() where workspace_id = ? and id = ?`,
      [dryRun ? 'done' : 'effects', workspaceId, id],
    )
  })
}
