import type { MessageContent } from '../../src/model/message.ts'
import { NoAnswer, request } from '../kit.ts'

export interface WhatsAppAccess {
  baseUrl: string
  graphVersion: string
  phoneNumberId: string
  accessToken: string
  timeoutMs: number
}
export interface OutgoingMessage {
  /** A phone number, or a BSUID: Meta takes the first in `to` and the second in `recipient`. */
  address: { waId: string } | { bsuid: string }
  content: MessageContent
  /** WhatsApp delivers only when the person behind the address still has it. */
  identityHash?: string | undefined
  /** Comes back in every status webhook of this message. */
  callbackData: string
}
export type SendAnswer =
  | { outcome: 'accepted'; wamid: string }
  | {
      outcome: 'refused'
      httpStatus: number
      code: number | undefined
      reason: string
      retryAfterMs: number | undefined
    }
  | { outcome: 'not-sent'; reason: string }
  | { outcome: 'no-answer'; reason: string }

/** One POST to WhatsApp, never repeated here: only the ledger knows whether it may be. */
export async function sendMessage(access: WhatsAppAccess, message: OutgoingMessage): Promise<SendAnswer> {
  const recipient =
    'waId' in message.address ? { to: message.address.waId } : { recipient: message.address.bsuid }
  try {
    const answer = await request({
      method: 'POST',
      url: `${access.baseUrl}/${access.graphVersion}/${access.phoneNumberId}/messages`,
      headers: { authorization: `Bearer ${access.accessToken}` },
      json: {
        messaging_product: 'whatsapp',
        recipient_type: 'individual',
        ...recipient,
        ...message.content,
        ...(message.identityHash !== undefined && { recipient_identity_key_hash: message.identityHash }),
        biz_opaque_callback_data: message.callbackData,
      },
      timeoutMs: access.timeoutMs,
    })
    return readAnswer(answer.status, answer.body, answer.retryAfterMs)
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    return { outcome: error.sent ? 'no-answer' : 'not-sent', reason: error.message }
  }
}

interface GraphBody {
  messages?: { id?: string }[]
  error?: { code?: number; message?: string; error_data?: { details?: string } }
}

function readAnswer(status: number, body: unknown, retryAfterMs: number | undefined): SendAnswer {
  const { messages, error } = (typeof body === 'object' && body !== null ? body : {}) as GraphBody
  const wamid = messages?.[0]?.id
  if (status < 300 && wamid) return { outcome: 'accepted', wamid }
  // Success without an id proves nothing either way.
  if (status < 300) return { outcome: 'no-answer', reason: `HTTP ${status} without a message id` }
  const reason = error?.error_data?.details ?? error?.message ?? `HTTP ${status}`
  return { outcome: 'refused', httpStatus: status, code: error?.code, reason, retryAfterMs }
}
