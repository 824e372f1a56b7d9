import sharp from 'sharp'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { picturedTypes } from '../model/media.ts'
import { readMedia, type MediaFile } from './find-media.ts'

const edgePixels = 480
/** A picture that would unfold to more is a bomb, or of no use here. */
const maximumPixels = 50_000_000
const maximumBytes = 25 * 1024 * 1024
const maximumSeconds = 10

/** A small picture of a file, made once and kept; undefined of what has none. */
export async function findThumbnail(
  deps: Pick<Deps, 'orm' | 'config' | 'log'>,
  file: MediaFile,
): Promise<Buffer | undefined> {
  const em = forkFor(deps.orm, file.workspaceId)
  const [row] = await em.execute<{ data: string | null; state: string | null }[]>(
    `select encode(thumbnail, 'base64') as data, thumbnail_state as state from media_blobs where workspace_id = ? and id = ?`,
    [file.workspaceId, file.blobId],
  )
  if (row?.data) return Buffer.from(row.data, 'base64')
  if (!row || row.state === 'none') return undefined
  const made = await makeThumbnail(deps, file)
  await em.execute(
    `update media_blobs set thumbnail = decode(?, 'base64'), thumbnail_state = ? where workspace_id = ? and id = ?`,
    [made?.toString('base64') ?? null, made ? 'ready' : 'none', file.workspaceId, file.blobId],
  )
  return made
}

/** What is broken, or too large when unfolded, has no small picture and does no harm. */
async function makeThumbnail(
  deps: Pick<Deps, 'orm' | 'config' | 'log'>,
  file: MediaFile,
): Promise<Buffer | undefined> {
  if (!picturedTypes.includes(file.mimeType) || file.bytes > maximumBytes) return undefined
  const pieces: Buffer[] = []
  for await (const piece of readMedia(deps, file)) pieces.push(piece)
  try {
    return await sharp(Buffer.concat(pieces), { limitInputPixels: maximumPixels, failOn: 'error', pages: 1 })
      .timeout({ seconds: maximumSeconds })
      .autoOrient()
      .resize(edgePixels, edgePixels, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 75 })
      .toBuffer()
  } catch (error) {
    deps.log.info({ err: error, media: file.id }, 'no small picture of this file')
    return undefined
  }
}
