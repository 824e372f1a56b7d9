import { uploadMedia as giveToWhatsApp } from '../../integrations/whatsapp/media.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { NumberAccess } from '../settings/numbers.ts'
import { readMedia, type MediaFile } from './find-media.ts'

/** WhatsApp keeps an upload for 30 days; a message that was sent in time may be fetched a little later. */
const keptDays = 29
/** A file that WhatsApp refused is offered again after this; an upload that merely failed, after a minute. */
const refusedMinutes = 60

/**
 * Gives a file to WhatsApp for one number and keeps the id that it gets. Whoever calls has claimed the row; a process that
 * dies meanwhile lets the claim run out.
 */
export async function uploadForNumber(
  deps: Pick<Deps, 'orm' | 'config'>,
  number: NumberAccess,
  media: MediaFile,
): Promise<void> {
  const em = forkFor(deps.orm, number.workspaceId)
  const pieces: Uint8Array<ArrayBuffer>[] = []
  for await (const piece of readMedia(deps, media)) pieces.push(Uint8Array.from(piece))
  const answer = await giveToWhatsApp(
    {
      baseUrl: deps.config.WHATSAPP_BASE_URL,
      graphVersion: deps.config.WHATSAPP_GRAPH_VERSION,
      phoneNumberId: number.phoneNumberId,
      accessToken: number.accessToken,
      timeoutMs: uploadTimeoutMs(deps, media),
    },
    { name: media.name, mimeType: media.mimeType, bytes: new Blob(pieces, { type: media.mimeType }) },
  )
  await (answer.outcome === 'done'
    ? em.execute(
        `update media_uploads set whatsapp_id = ?, problem = null, claimed_until = null, expires_at = now() + interval '${keptDays} days'
         where media_id = ? and number_id = ?`,
        [answer.id, media.id, number.id],
      )
    : em.execute(
        `update media_uploads set whatsapp_id = null, problem = ?, final = ?, claimed_until = null,
           expires_at = now() + ? * interval '1 minute' where media_id = ? and number_id = ?`,
        [answer.reason, answer.isFinal, answer.isFinal ? refusedMinutes : 1, media.id, number.id],
      ))
}

/** A large file takes its time. */
export function uploadTimeoutMs(
  { config }: Pick<Deps, 'config'>,
  { bytes }: Pick<MediaFile, 'bytes'>,
): number {
  return config.SEND_TIMEOUT_MS + Math.ceil(bytes / 100_000) * 1_000
}
