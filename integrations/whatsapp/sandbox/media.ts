import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GraphError } from './graph-errors.ts'
import type { Journal } from './journal.ts'

const KB = 1024
const MB = 1024 * KB
type Limit = { bytes: number; mimeTypes: readonly string[] }

/** What may be sent as which message type, from Meta's "Supported media types". */
export const mediaLimits: Record<string, Limit> = {
  image: { bytes: 5 * MB, mimeTypes: ['image/jpeg', 'image/png'] },
  video: { bytes: 16 * MB, mimeTypes: ['video/mp4', 'video/3gpp'] },
  audio: {
    bytes: 16 * MB,
    mimeTypes: ['audio/aac', 'audio/mp4', 'audio/mpeg', 'audio/amr', 'audio/ogg', 'audio/opus'],
  },
  sticker: { bytes: 500 * KB, mimeTypes: ['image/webp'] },
  document: {
    bytes: 100 * MB,
    mimeTypes: [
      'text/plain',
      'text/csv',
      'application/pdf',
      'application/msword',
      'application/vnd.ms-excel',
      'application/vnd.ms-powerpoint',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    ],
  },
}
/** The largest upload any type allows. */
export const MEDIA_BYTES_MAX = 100 * MB

export type StoredMedia = {
  id: string
  phoneNumberId: string
  mimeType: string
  sha256: string
  fileSize: number
  fileName: string | null
}
type NewMedia = { phoneNumberId: string; mimeType: string; bytes: Buffer; fileName: string | null }
export type Media = ReturnType<typeof createMedia>

/** Media of both sides. Bytes stand in `folder` when there is one, so that they survive a restart. */
export function createMedia({ journal, folder }: { journal: Journal; folder: string | undefined }) {
  const byId = new Map<string, StoredMedia>()
  const bytesById = new Map<string, Buffer>()
  let lastId = Date.now() * 1_000

  function store(input: NewMedia) {
    lastId += 1
    const media: StoredMedia = {
      id: String(lastId),
      phoneNumberId: input.phoneNumberId,
      mimeType: input.mimeType,
      sha256: createHash('sha256').update(input.bytes).digest('hex'),
      fileSize: input.bytes.length,
      fileName: input.fileName,
    }
    byId.set(media.id, media)
    if (folder) {
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, media.id), input.bytes)
    } else bytesById.set(media.id, input.bytes)
    journal.append({ kind: 'media', media })
    return media
  }

  return {
    store,
    all: () => [...byId.values()],
    get: (id: string) => byId.get(id),
    restore: (media: StoredMedia) => byId.set(media.id, media),
    bytes(id: string): Buffer | null {
      const path = folder ? join(folder, id) : null
      if (path && byId.has(id) && existsSync(path)) return readFileSync(path)
      return bytesById.get(id) ?? null
    },
    remove(id: string) {
      byId.delete(id)
      bytesById.delete(id)
      if (folder) rmSync(join(folder, id), { force: true })
      journal.append({ kind: 'media-removed', id })
    },
    restoreRemoved: (id: string) => byId.delete(id),
    /** An upload of the business: Meta refuses unknown types and files above the type's size. */
    upload(input: NewMedia) {
      checkUpload(input)
      return store(input)
    },
    /** Checks an id named in a message. A type that cannot be shown fails later, by status, as at Meta. */
    check(type: string, id: string): { code: number; details: string } | null {
      const media = byId.get(id)
      if (media) return canBeShown(type, media)
      const title = `Param ${type}['id'] is not a valid whatsapp business account media attachment ID`
      throw new GraphError(100, title, { title })
    },
  }
}

function checkUpload({ mimeType, bytes }: NewMedia) {
  const type = baseType(mimeType)
  const limits = Object.values(mediaLimits).filter((limit) => limit.mimeTypes.includes(type))
  if (limits.length === 0) {
    const allowed = Object.values(mediaLimits).flatMap((limit) => limit.mimeTypes)
    const title = `Param file must be a file with one of the following types: ${allowed.join(', ')}. Received file of type '${type}'.`
    throw new GraphError(100, title, { title })
  }
  const most = Math.max(...limits.map((limit) => limit.bytes))
  if (bytes.length > most) {
    throw new GraphError(131053, `File of ${bytes.length} bytes is above the limit of ${most}.`)
  }
  if (bytes.length === 0) throw new GraphError(131053, 'The file is empty.')
}

function canBeShown(type: string, { mimeType, fileSize }: StoredMedia) {
  const limit = mediaLimits[type]
  if (!limit || type === 'document') return null
  if (limit.mimeTypes.includes(baseType(mimeType)) && fileSize <= limit.bytes) return null
  return { code: 131053, details: `Unsupported ${type}: ${mimeType} of ${fileSize} bytes.` }
}

function baseType(mimeType: string): string {
  return (mimeType.split(';')[0] ?? '').trim().toLowerCase()
}
