import { download, NoAnswer, request, type HttpDownload } from '../kit.ts'

export interface MediaAccess {
  baseUrl: string
  graphVersion: string
  phoneNumberId: string
  accessToken: string
  timeoutMs: number
}
export type MediaAnswer =
  | { outcome: 'done'; id: string }
  /** `isFinal`: WhatsApp will not take this file. */
  | { outcome: 'refused'; reason: string; isFinal: boolean }

/** Gives WhatsApp a file; its id is good for one number, for 30 days. Uploading twice does no harm. */
export async function uploadMedia(
  access: MediaAccess,
  file: { name: string; mimeType: string; bytes: Blob },
): Promise<MediaAnswer> {
  const { baseUrl, graphVersion, phoneNumberId, accessToken, timeoutMs } = access
  try {
    const { status, body } = await request({
      method: 'POST',
      url: `${baseUrl}/${graphVersion}/${phoneNumberId}/media`,
      headers: { authorization: `Bearer ${accessToken}` },
      form: {
        messaging_product: 'whatsapp',
        type: file.mimeType,
        file: { name: file.name, type: file.mimeType, bytes: file.bytes },
      },
      timeoutMs,
    })
    const { id, error } = (typeof body === 'object' && body !== null ? body : {}) as GraphBody
    if (status < 300 && id) return { outcome: 'done', id: String(id) }
    const reason = error?.error_data?.details ?? error?.message ?? `HTTP ${status}`
    // A token that ran out or a limit of calls says nothing about the file.
    return { outcome: 'refused', reason, isFinal: status === 400 && finalCodes.has(error?.code ?? 0) }
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    return { outcome: 'refused', reason: error.message, isFinal: false }
  }
}

/** A parameter that is not valid (the type of the file), and a file that cannot be used. */
const finalCodes = new Set([100, 131052, 131053])

interface GraphBody {
  id?: string | number
  error?: { code?: number; message?: string; error_data?: { details?: string } }
}

type DownloadAccess = Pick<MediaAccess, 'baseUrl' | 'graphVersion' | 'accessToken' | 'timeoutMs'>
export type FileAnswer =
  | { outcome: 'file'; mimeType: string; bytes: AsyncIterable<Buffer> }
  /** WhatsApp has no such file, or no more. */
  | { outcome: 'gone'; reason: string }
  | { outcome: 'later'; reason: string; retryAfterMs: number | undefined }

/** A file that a customer sent: its id leads to an address that is good for some minutes, and asks for the token too. */
export async function openMedia(access: DownloadAccess, mediaId: string): Promise<FileAnswer> {
  const headers = { authorization: `Bearer ${access.accessToken}` }
  try {
    const url = `${access.baseUrl}/${access.graphVersion}/${encodeURIComponent(mediaId)}`
    const answer = await request({ method: 'GET', url, headers, timeoutMs: access.timeoutMs })
    const found = (
      typeof answer.body === 'object' && answer.body !== null ? answer.body : {}
    ) as GraphBody & {
      url?: string
      mime_type?: string
    }
    if (answer.status >= 300 || !found.url) return refusalOf(answer.status, found, answer.retryAfterMs)
    const file = await download({ url: found.url, headers, timeoutMs: downloadTimeoutMs })
    if (file.status >= 300) return await leave(file)
    const mimeType = found.mime_type ?? file.headers['content-type'] ?? 'application/octet-stream'
    return { outcome: 'file', mimeType, bytes: file.body }
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    return { outcome: 'later', reason: error.message, retryAfterMs: undefined }
  }
}

/** 100 MB over a slow line. */
const downloadTimeoutMs = 9 * 60_000

/** An id that does not exist answers with code 100; anything else may be mended: a token, a limit, an outage. */
function refusalOf(status: number, { error }: GraphBody, retryAfterMs: number | undefined): FileAnswer {
  const reason = `WhatsApp: ${error?.error_data?.details ?? error?.message ?? `HTTP ${status}`}`
  if (status === 404 || (status === 400 && error?.code === 100)) return { outcome: 'gone', reason }
  return { outcome: 'later', reason, retryAfterMs }
}

/** An address that has expired is another one when it is asked for again. */
async function leave({ status, body, retryAfterMs }: HttpDownload): Promise<FileAnswer> {
  await body[Symbol.asyncIterator]().return?.()
  return { outcome: 'later', reason: `WhatsApp answered with status ${status}`, retryAfterMs }
}
