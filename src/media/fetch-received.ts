import { openMedia } from '../../integrations/whatsapp/media.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { announce } from '../live/announce.ts'
import { AppError } from '../model/errors.ts'
import { baseMimeType, receivedBytes, type MediaKind } from '../model/media.ts'
import { findNumberAccess } from '../settings/numbers.ts'
import { getFile } from './find-media.ts'
import { storeBlob, type StoredBlob } from './store-blob.ts'
import { findThumbnail } from './thumbnails.ts'

/** WhatsApp keeps what a customer sent for so long. */
const keptDays = 7

interface Waiting {
  kind: MediaKind
  mime_type: string
  number_id: string
  whatsapp_id: string
  state: string
  is_late: boolean
}

export type FetchResult =
  | { state: 'ready' }
  | { state: 'failed'; reason: string }
  | { state: 'later'; reason: string; retryAfterMs: number | undefined }

/** Fetches a file that came with a message: once, however often it is asked for. */
export async function fetchReceived(
  deps: Deps,
  { workspaceId, mediaId }: { workspaceId: string; mediaId: string },
): Promise<FetchResult> {
  const em = forkFor(deps.orm, workspaceId)
  const [row] = await em.execute<Waiting[]>(
    `select kind, mime_type, number_id, whatsapp_id, state, created_at < now() - interval '${keptDays} days' as is_late
     from media where id = ? and workspace_id = ? and origin = 'received'`,
    [mediaId, workspaceId],
  )
  if (!row) return { state: 'failed', reason: 'the message is not here any more' }
  if (row.state !== 'waiting') return { state: 'ready' }
  const result = await fetchFile(deps, workspaceId, row)
  if ('blob' in result) {
    await settle(em, workspaceId, mediaId, result.blob)
    await findThumbnail(deps, await getFile(em, workspaceId, mediaId))
    return { state: 'ready' }
  }
  if (result.state === 'later' && !row.is_late) return result
  const reason =
    result.state === 'failed'
      ? result.reason
      : `it could not be fetched for ${keptDays} days, for which WhatsApp keeps it: ${result.reason}`
  await settle(em, workspaceId, mediaId, { problem: reason })
  return { state: 'failed', reason }
}

async function fetchFile(
  deps: Deps,
  workspaceId: string,
  { kind, mime_type: declared, number_id: numberId, whatsapp_id: whatsappId }: Waiting,
): Promise<{ blob: StoredBlob } | Exclude<FetchResult, { state: 'ready' }>> {
  const { accessToken } = await findNumberAccess(deps, numberId)
  const { WHATSAPP_BASE_URL: baseUrl, WHATSAPP_GRAPH_VERSION: graphVersion } = deps.config
  const access = { baseUrl, graphVersion, accessToken, timeoutMs: deps.config.SEND_TIMEOUT_MS }
  const answer = await openMedia(access, whatsappId)
  if (answer.outcome === 'gone') return { state: 'failed', reason: answer.reason }
  if (answer.outcome === 'later') return { ...answer, state: 'later' }
  const maximumBytes = receivedBytes[kind]
  const tooLarge = `it is larger than ${maximumBytes.toLocaleString('en')} bytes, and was not kept`
  const declaredType = declared || baseMimeType(answer.mimeType)
  try {
    const blob = await storeBlob(deps, { workspaceId, declaredType, maximumBytes, tooLarge }, answer.bytes)
    return { blob }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.code === 'too_large' || error.code === 'invalid_input')
      return { state: 'failed', reason: error.message }
    return { state: 'later', reason: error.message, retryAfterMs: error.retryAfterMs }
  }
}

/** The row says what became of it, and open chats are told. */
async function settle(
  em: Em,
  workspaceId: string,
  mediaId: string,
  end: StoredBlob | { problem: string },
): Promise<void> {
  await em.transactional(async (tx) => {
    if ('problem' in end) {
      await tx.execute(`update media set state = 'failed', problem = ? where id = ? and workspace_id = ?`, [
        ...[end.problem, mediaId, workspaceId],
      ])
    } else {
      await tx.execute(
        `update media set state = 'ready', blob_id = ?, sha256 = ?, bytes = ?, mime_type = ? where id = ? and workspace_id = ?`,
        [end.id, end.sha256, end.bytes, end.mimeType, mediaId, workspaceId],
      )
    }
    const messages = await tx.execute<{ id: string; conversation_id: string }[]>(
      'select id, conversation_id from messages where media_id = ? and workspace_id = ?',
      [mediaId, workspaceId],
    )
    await announce(
      tx,
      workspaceId,
      messages.map(({ id, conversation_id: conversationId }) => ({
        ...{ kind: 'message.changed' as const, conversationId, data: { messageId: id, what: 'media' } },
      })),
    )
  })
}
