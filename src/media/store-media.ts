import { createHash } from 'node:crypto'
import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { baseMimeType, fitsMimeType, mediaKindOf, mediaRules, type MediaKind } from '../model/media.ts'

/** One statement's worth: a file of 100 MB is 400 of them, and no process holds more than one at a time. */
const pieceBytes = 256 * 1024

/** Enough for every signature that is looked at. */
const headBytes = 16

export interface NewMedia {
  workspaceId: string
  name: string
  /** As the client says; the file's first bytes must agree. */
  mimeType: string
  by: string
}

/** Takes a file into the library, piece by piece. Of one that is refused or breaks off nothing stays. */
export async function storeMedia(
  deps: Pick<Deps, 'orm'>,
  input: NewMedia,
  file: AsyncIterable<Buffer>,
): Promise<string> {
  const { workspaceId, by } = input
  const name = input.name.replaceAll('\0', '␀').slice(0, 240)
  const mimeType = baseMimeType(input.mimeType)
  const kind = mediaKindOf(mimeType)
  if (!kind) throw refuse('unsupported_media', `WhatsApp does not take files of the type "${mimeType}"`)
  const em = forkFor(deps.orm, workspaceId)
  const id = newId()
  // It stands in the archive, which no list shows, until the whole of it is there.
  await em.execute(
    `insert into media (id, workspace_id, name, kind, mime_type, bytes, sha256, by, archived_at)
     values (?, ?, ?, ?, ?, 0, '', ?, now())`,
    [id, workspaceId, name, kind, mimeType, by],
  )
  try {
    const { bytes, sha256 } = await storePieces(em, { id, kind, mimeType }, file)
    await em.transactional(async (tx) => {
      await tx.execute(
        'update media set bytes = ?, sha256 = ?, archived_at = null where workspace_id = ? and id = ?',
        [bytes, sha256, workspaceId, id],
      )
      await recordFacts(tx, workspaceId, [
        { id: newId(), atMs: Date.now(), kind: 'media.added', data: { media: id, name, by } },
      ])
    })
  } catch (error) {
    await em.execute('delete from media where workspace_id = ? and id = ?', [workspaceId, id])
    throw error
  }
  return id
}

async function storePieces(
  em: Em,
  { id, kind, mimeType }: { id: string; kind: MediaKind; mimeType: string },
  file: AsyncIterable<Buffer>,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  const { maximumBytes } = mediaRules[kind]
  let bytes = 0
  let no = 0
  for await (const piece of inPieces(file)) {
    if (no === 0 && !fitsMimeType(mimeType, piece.subarray(0, headBytes)))
      throw refuse('invalid_input', `the file is not of the type ${mimeType} that it was sent as`)
    bytes += piece.length
    if (bytes > maximumBytes) {
      const limit = maximumBytes.toLocaleString('en')
      throw refuse('too_large', `WhatsApp takes ${kind} files of at most ${limit} bytes`)
    }
    hash.update(piece)
    await em.execute("insert into media_pieces (media_id, no, data) values (?, ?, decode(?, 'base64'))", [
      id,
      no++,
      piece.toString('base64'),
    ])
  }
  if (bytes === 0) throw refuse('invalid_input', 'the file is empty')
  return { bytes, sha256: hash.digest('hex') }
}

/** Cuts a stream into pieces of one size; the last may be shorter. */
async function* inPieces(file: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let parts: Buffer[] = []
  let held = 0
  for await (const chunk of file) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + pieceBytes - held)
      parts.push(part)
      held += part.length
      at += part.length
      if (held < pieceBytes) continue
      yield Buffer.concat(parts, held)
      parts = []
      held = 0
    }
  }
  if (held > 0) yield Buffer.concat(parts, held)
}

function refuse(code: 'unsupported_media' | 'too_large' | 'invalid_input', message: string): AppError {
  return new AppError(code, message, { fields: [{ field: 'file', message }] })
}
