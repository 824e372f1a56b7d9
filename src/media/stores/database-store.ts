import { forkFor, type Orm } from '../../db/orm.ts'
import { inPieces } from './in-pieces.ts'
import type { BlobKey, MediaStore } from './store.ts'

/** One statement's worth: a file of 100 MB is 400 of them, and no process holds more than one at a time. */
const pieceBytes = 256 * 1024

/** Files stand beside the rows that speak of them: one backup holds everything. */
export function databaseStore(orm: Orm): MediaStore {
  return {
    async write({ workspaceId, id }, bytes) {
      const em = forkFor(orm, workspaceId)
      let no = 0
      for await (const piece of inPieces(bytes, pieceBytes))
        await em.execute("insert into media_pieces (blob_id, no, data) values (?, ?, decode(?, 'base64'))", [
          id,
          no++,
          piece.toString('base64'),
        ])
    },
    read: (key, from, to) => readPieces(orm, key, from, to),
    async remove({ workspaceId, id }) {
      await forkFor(orm, workspaceId).execute('delete from media_pieces where blob_id = ?', [id])
    },
  }
}

async function* readPieces(
  orm: Orm,
  { workspaceId, id }: BlobKey,
  from: number,
  to: number,
): AsyncGenerator<Buffer, void> {
  const em = forkFor(orm, workspaceId)
  for (let at = from; at < to; ) {
    const no = Math.floor(at / pieceBytes)
    const [piece] = await em.execute<{ data: string }[]>(
      "select encode(data, 'base64') as data from media_pieces where blob_id = ? and no = ?",
      [id, no],
    )
    const start = no * pieceBytes
    const bytes = piece && Buffer.from(piece.data, 'base64').subarray(at - start, to - start)
    if (!bytes || bytes.length === 0) throw new Error(`the file ${id} ends at byte ${at}, before byte ${to}`)
    yield bytes
    at += bytes.length
  }
}
