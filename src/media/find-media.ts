import { z } from 'zod'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { FileToSend } from '../kit/send-file.ts'
import { servedAs, type MediaKind } from '../model/media.ts'
import { findStore, type StoreName } from './stores/find-store.ts'

/** A file: of the library, or one that came with a message. */
export interface MediaFile {
  id: string
  workspaceId: string
  name: string
  kind: MediaKind
  mimeType: string
  bytes: number
  sha256: string
  by: string
  origin: 'library' | 'received'
  blobId: string
  store: StoreName
  archivedAt: string | null
  createdAt: string
}

const columns = `m.id, m.workspace_id as "workspaceId", m.name, m.kind, m.mime_type as "mimeType", m.bytes::float8 as bytes,
  m.sha256, m.by, m.origin, m.blob_id as "blobId", b.store,
  ${isoTime('m.archived_at')} as "archivedAt", ${isoTime('m.created_at')} as "createdAt"`
const from = 'from media m join media_blobs b on b.id = m.blob_id'

/** The library, newest first, without the archive. */
export async function listMedia(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    kind?: MediaKind | undefined
    search?: string | undefined
    before?: string | undefined
    limit: number
  },
): Promise<MediaFile[]> {
  const { workspaceId, kind = null, search = null, before = null, limit } = input
  return forkFor(deps.orm, workspaceId).execute<MediaFile[]>(
    `select ${columns} ${from} where m.workspace_id = ? and m.archived_at is null and m.origin = 'library'
       and (?::text is null or m.kind = ?) and (?::text is null or strpos(lower(m.name), lower(?)) > 0)
       and (?::uuid is null or m.id < ?) order by m.id desc limit ?`,
    [workspaceId, kind, kind, search, search, before, before, limit],
  )
}

/** Of the library, those of the archive too: what was sent once may be shown, and sent by runs that are under way. */
export async function findMedia(
  em: Em,
  workspaceId: string,
  ids: readonly string[],
): Promise<Map<string, MediaFile>> {
  const rows = await findFiles(em, workspaceId, ids)
  return new Map(rows.filter(({ origin }) => origin === 'library').map((row) => [row.id, row]))
}

async function findFiles(em: Em, workspaceId: string, ids: readonly string[]): Promise<MediaFile[]> {
  const known = onlyIds(ids)
  if (known.length === 0) return []
  return em.execute<MediaFile[]>(
    `select ${columns} ${from} where m.workspace_id = ? and m.id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, JSON.stringify(known)],
  )
}

/** A message may name anything: what is no id names no file, and the rest is looked up by its key. */
export function onlyIds(names: readonly string[]): string[] {
  return names.filter((name) => z.uuid().safeParse(name).success)
}

/** Of the library. */
export async function getMedia(em: Em, workspaceId: string, id: string): Promise<MediaFile> {
  const media = (await findMedia(em, workspaceId, [id])).get(id)
  if (!media) throw new AppError('not_found', `media ${id} does not exist`)
  return media
}

/** Of the library, or one that came: whether somebody may see it is the caller's question. */
export async function getFile(em: Em, workspaceId: string, id: string): Promise<MediaFile> {
  const [file] = await findFiles(em, workspaceId, [id])
  if (!file) throw new AppError('not_found', `media ${id} does not exist`)
  return file
}

/** A file's bytes, or those from a place on and up to another. */
export function readMedia(
  deps: Pick<Deps, 'orm' | 'config'>,
  file: Pick<MediaFile, 'workspaceId' | 'blobId' | 'store' | 'bytes'>,
  range: { from: number; to: number } = { from: 0, to: file.bytes },
): AsyncIterable<Buffer> {
  const key = { workspaceId: file.workspaceId, id: file.blobId }
  return findStore(deps, file.store).read(key, range.from, range.to)
}

/** How a file is sent to a browser. */
export function toSend({ name, bytes, sha256, mimeType }: MediaFile): FileToSend {
  return { name, bytes, sha256, ...servedAs(mimeType) }
}

/** Of whichever workspace: the link to it was signed by us. */
export async function findLinkedMedia(
  { orm }: Pick<Deps, 'orm'>,
  id: string,
): Promise<MediaFile | undefined> {
  const [row] = await orm.em
    .fork()
    .execute<MediaFile[]>(`select ${columns} ${from} where m.id = ? and m.origin = 'library'`, [id])
  return row
}
