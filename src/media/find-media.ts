import { z } from 'zod'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { MediaKind } from '../model/media.ts'

/** A file of the library. */
export interface MediaFile {
  id: string
  name: string
  kind: MediaKind
  mimeType: string
  bytes: number
  sha256: string
  by: string
  archivedAt: string | null
  createdAt: string
}

const columns = `m.id, m.name, m.kind, m.mime_type as "mimeType", m.bytes::float8 as bytes, m.sha256, m.by,
  ${isoTime('m.archived_at')} as "archivedAt", ${isoTime('m.created_at')} as "createdAt"`

/** Newest first, without the archive. */
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
    `select ${columns} from media m where m.workspace_id = ? and m.archived_at is null
       and (?::text is null or m.kind = ?) and (?::text is null or strpos(lower(m.name), lower(?)) > 0)
       and (?::uuid is null or m.id < ?) order by m.id desc limit ?`,
    [workspaceId, kind, kind, search, search, before, before, limit],
  )
}

/** Those of the archive too: what was sent once may be shown, and sent by runs that are under way. */
export async function findMedia(
  em: Em,
  workspaceId: string,
  ids: readonly string[],
): Promise<Map<string, MediaFile>> {
  const known = onlyIds(ids)
  if (known.length === 0) return new Map()
  const rows = await em.execute<MediaFile[]>(
    `select ${columns} from media m where m.workspace_id = ? and m.sha256 <> ''
       and m.id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, JSON.stringify(known)],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** A message may name anything: what is no id names no file, and the rest is looked up by its key. */
export function onlyIds(names: readonly string[]): string[] {
  return names.filter((name) => z.uuid().safeParse(name).success)
}

export async function getMedia(em: Em, workspaceId: string, id: string): Promise<MediaFile> {
  const media = (await findMedia(em, workspaceId, [id])).get(id)
  if (!media) throw new AppError('not_found', `media ${id} does not exist`)
  return media
}

/** A file's bytes in pieces, from a place on. */
export async function* readMedia(em: Em, id: string): AsyncGenerator<Buffer, void> {
  for (let no = 0; ; no++) {
    const [piece] = await em.execute<{ data: string }[]>(
      "select encode(data, 'base64') as data from media_pieces where media_id = ? and no = ?",
      [id, no],
    )
    if (!piece) return
    yield Buffer.from(piece.data, 'base64')
  }
}

/** Of whichever workspace: the link to it was signed by us. */
export async function findLinkedMedia(
  { orm }: Pick<Deps, 'orm'>,
  id: string,
): Promise<(MediaFile & { workspaceId: string }) | undefined> {
  const [row] = await orm.em
    .fork()
    .execute<(MediaFile & { workspaceId: string })[]>(
      `select ${columns}, m.workspace_id as "workspaceId" from media m where m.id = ? and m.sha256 <> ''`,
      [id],
    )
  return row
}

export function readLinkedMedia(
  { orm }: Pick<Deps, 'orm'>,
  { id, workspaceId }: { id: string; workspaceId: string },
): AsyncGenerator<Buffer, void> {
  return readMedia(forkFor(orm, workspaceId), id)
}
