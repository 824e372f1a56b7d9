import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { describeFile, type FileDescription } from './describe-file.ts'
import { createFileDecoder } from './file-encoding.ts'
import { createChunkWriter } from './import-chunks.ts'
import { withRawConnection } from './raw-connection.ts'

/** Enough for the header and some rows, however wide. */
const headBytes = 512 * 1024

export interface Upload {
  workspaceId: string
  name: string
  by: string
  encoding?: string | undefined
  delimiter?: string | undefined
  hasHeader: boolean
}

/** Takes a file in, piece by piece, as UTF-8; of one that is refused or breaks off nothing stays. */
export async function storeUpload(
  deps: Pick<Deps, 'orm' | 'config'>,
  upload: Upload,
  file: AsyncIterable<Buffer>,
): Promise<string> {
  const { workspaceId, name, by } = upload
  const id = newId()
  const em = forkFor(deps.orm, workspaceId)
  await em.execute(
    `insert into imports (id, workspace_id, name, state, by) values (?, ?, ?, 'uploading', ?)`,
    [id, workspaceId, name.replaceAll('\0', '␀').slice(0, 200), by],
  )
  try {
    const { bytes, description } = await withRawConnection(deps.config, async (client) => {
      const decoder = createFileDecoder(upload.encoding)
      const writer = createChunkWriter(client, id)
      const head = createHead()
      for await (const piece of limited(file, deps.config.IMPORT_MAX_BYTES)) {
        const text = decoder.write(piece)
        head.add(text)
        await writer.write(text)
      }
      const last = decoder.end()
      head.add(last)
      await writer.write(last)
      const length = await writer.end()
      const options = { ...upload, encoding: decoder.encoding() }
      return {
        bytes: length,
        description: describeFile(head.bytes(), head.bytes().length === length, options),
      }
    })
    await keep(deps, upload, id, bytes, description)
  } catch (error) {
    await em.execute('delete from imports where workspace_id = ? and id = ?', [workspaceId, id])
    throw error
  }
  return id
}

async function keep(
  deps: Pick<Deps, 'orm'>,
  { workspaceId }: Upload,
  id: string,
  bytes: number,
  description: FileDescription,
): Promise<void> {
  await forkFor(deps.orm, workspaceId).execute(
    `update imports set state = 'uploaded', bytes = ?, file = ?::jsonb, updated_at = now()
     where workspace_id = ? and id = ?`,
    [bytes, JSON.stringify(description), workspaceId, id],
  )
}

async function* limited(file: AsyncIterable<Buffer>, maximum: number): AsyncGenerator<Buffer, void> {
  let bytes = 0
  for await (const piece of file) {
    bytes += piece.length
    if (bytes > maximum) {
      const message = `the file has more than ${maximum.toLocaleString('en')} bytes (IMPORT_MAX_BYTES)`
      throw new AppError('too_large', message, { fields: [{ field: 'file', message }] })
    }
    yield piece
  }
}

function createHead() {
  let head: Buffer = Buffer.alloc(0)
  return {
    add: (bytes: Buffer) => {
      if (head.length < headBytes) head = Buffer.concat([head, bytes.subarray(0, headBytes - head.length)])
    },
    bytes: () => head,
  }
}
