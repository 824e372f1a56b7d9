import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { baseMimeType, fitsMimeType, mediaKindOf, mediaRules } from '../model/media.ts'
import { storeBlob } from './store-blob.ts'

/** Enough for every signature that is looked at. */
const signatureBytes = 16

export interface NewMedia {
  workspaceId: string
  name: string
  /** As the client says; the file's first bytes must agree. */
  mimeType: string
  by: string
}

/** Takes a file into the library, piece by piece. Of one that is refused or breaks off nothing stays. */
export async function storeMedia(
  deps: Pick<Deps, 'orm' | 'config'>,
  input: NewMedia,
  file: AsyncIterable<Buffer>,
): Promise<string> {
  const { workspaceId, by } = input
  const name = input.name.replaceAll('\0', '␀').slice(0, 240)
  const mimeType = baseMimeType(input.mimeType)
  const kind = mediaKindOf(mimeType)
  if (!kind) throw refuse('unsupported_media', `WhatsApp does not take files of the type "${mimeType}"`)
  const { maximumBytes } = mediaRules[kind]
  const blob = await storeBlob(
    deps,
    {
      ...{ workspaceId, declaredType: mimeType, maximumBytes },
      tooLarge: `WhatsApp takes ${kind} files of at most ${maximumBytes.toLocaleString('en')} bytes`,
      check(head) {
        if (fitsMimeType(mimeType, head.subarray(0, signatureBytes))) return
        throw refuse('invalid_input', `the file is not of the type ${mimeType} that it was sent as`)
      },
    },
    file,
  )
  const id = newId()
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await em.execute(
      `insert into media (id, workspace_id, name, kind, mime_type, bytes, sha256, by, blob_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [id, workspaceId, name, kind, mimeType, blob.bytes, blob.sha256, by, blob.id],
    )
    await recordFacts(em, workspaceId, [
      { id: newId(), atMs: Date.now(), kind: 'media.added', data: { media: id, name, by } },
    ])
  })
  return id
}

function refuse(code: 'unsupported_media' | 'invalid_input', message: string): AppError {
  return new AppError(code, message, { fields: [{ field: 'file', message }] })
}
