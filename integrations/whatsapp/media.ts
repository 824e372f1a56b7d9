import { NoAnswer, request } from '../kit.ts'

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
