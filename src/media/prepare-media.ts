import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { publicLink, signId } from '../kit/signed-id.ts'
import { AppError } from '../model/errors.ts'
import { listLibraryMedia, type MediaSource } from '../model/media-references.ts'
import type { MessageContent } from '../model/message.ts'
import type { NumberAccess } from '../settings/numbers.ts'
import { findMedia, onlyIds, type MediaFile } from './find-media.ts'
import { uploadForNumber, uploadTimeoutMs } from './upload-media.ts'

/** What a send waits for an upload itself; a large one goes on behind it, and the send comes again. */
const patienceMs = 4_000

export type PreparedMedia =
  | { state: 'ready'; sources: Map<string, MediaSource & { name: string }> }
  | { state: 'deferred'; retryAfterMs: number; reason: string }

/**
 * How WhatsApp gets at what a message shows out of the library: by the id of an upload to this number, which is made once and
 * kept until it expires, or by a link of ours when WhatsApp does not take the upload. It comes before the send is planned:
 * nothing is in flight while a file travels.
 */
export async function prepareMedia(
  deps: Deps,
  number: NumberAccess,
  content: MessageContent,
): Promise<PreparedMedia> {
  const wanted = listLibraryMedia(content)
  const sources = new Map<string, MediaSource & { name: string }>()
  if (wanted.length === 0) return { state: 'ready', sources }
  const em = forkFor(deps.orm, number.workspaceId)
  const ids = [...new Set(wanted.map(({ id }) => id))]
  const files = await findMedia(em, number.workspaceId, ids)
  for (const id of ids) {
    const file = files.get(id)
    if (!file) throw new AppError('invalid_message', `there is no media ${id} in the library`)
    const source = await sourceOf(deps, em, number, file)
    if (!source) {
      const reason = `"${file.name}" is on its way to WhatsApp`
      return { state: 'deferred', retryAfterMs: 1_000, reason }
    }
    sources.set(id, { ...source, name: file.name })
  }
  return { state: 'ready', sources }
}

async function sourceOf(
  deps: Deps,
  em: Em,
  number: NumberAccess,
  file: MediaFile,
): Promise<MediaSource | undefined> {
  const known = await findUpload(em, number.id, file.id)
  if (known.state !== 'none') return toSource(deps, file, known)
  if (!(await claim(deps, em, number, file))) return undefined
  let isOver = false
  const upload = uploadForNumber(deps, number, file).finally(() => (isOver = true))
  deps.background.run('upload of media to WhatsApp', () => upload)
  let alarm: NodeJS.Timeout | undefined
  const patience = new Promise((resolve) => (alarm = setTimeout(resolve, patienceMs)))
  await Promise.race([upload, patience]).finally(() => clearTimeout(alarm))
  return isOver ? toSource(deps, file, await findUpload(em, number.id, file.id)) : undefined
}

interface Upload {
  state: 'uploaded' | 'failed' | 'none'
  whatsapp_id: string | null
  problem: string | null
  final: boolean | null
}

async function findUpload(em: Em, numberId: string, mediaId: string): Promise<Upload> {
  const [row] = await em.execute<Upload[]>(
    `select case when u.expires_at is null or u.expires_at < now() then 'none' when u.whatsapp_id is null then 'failed'
       else 'uploaded' end as state, u.whatsapp_id, u.problem, u.final
     from media_uploads u where u.media_id = ? and u.number_id = ?`,
    [mediaId, numberId],
  )
  return row ?? { state: 'none', whatsapp_id: null, problem: null, final: null }
}

/** Without a public address there is no link that WhatsApp could follow. */
function toSource(
  { config }: Pick<Deps, 'config'>,
  file: MediaFile,
  upload: Upload,
): MediaSource | undefined {
  if (upload.state === 'none') return undefined
  if (upload.state === 'uploaded') return { id: upload.whatsapp_id ?? '' }
  if (config.PUBLIC_URL) return { link: publicLink(config, `/media/${signId(config, 'media', file.id)}`) }
  const message = `WhatsApp does not take "${file.name}": ${upload.problem}`
  throw new AppError(upload.final ? 'whatsapp_refused' : 'unavailable', message)
}

/** Of all who want to send a file from a number now, one uploads it. */
async function claim(deps: Deps, em: Em, number: NumberAccess, file: MediaFile): Promise<boolean> {
  const claimMs = uploadTimeoutMs(deps, file) + 5_000
  const rows = await em.execute<object[]>(
    `insert into media_uploads (media_id, number_id, workspace_id, claimed_until)
     values (?, ?, ?, now() + ? * interval '1 millisecond')
     on conflict (media_id, number_id) do update set claimed_until = excluded.claimed_until
       where media_uploads.claimed_until is null or media_uploads.claimed_until < now() returning 1`,
    [file.id, number.id, number.workspaceId, claimMs],
  )
  return rows.length > 0
}

/** WhatsApp does not know an id any more: the next send uploads the file again. Returns whether there was one to forget. */
export async function forgetUploads(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, numberId, content }: { workspaceId: string; numberId: string; content: MessageContent },
): Promise<boolean> {
  const ids = onlyIds(listLibraryMedia(content).map(({ id }) => id))
  if (ids.length === 0) return false
  const forgotten = await forkFor(deps.orm, workspaceId).execute<object[]>(
    `update media_uploads set expires_at = null where workspace_id = ? and number_id = ? and whatsapp_id is not null
       and media_id in (select jsonb_array_elements_text(?::jsonb)::uuid) returning 1`,
    [workspaceId, numberId, JSON.stringify(ids)],
  )
  return forgotten.length > 0
}
