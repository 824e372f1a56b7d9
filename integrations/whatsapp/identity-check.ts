import { AppError } from '../../src/model/errors.ts'
import { request } from '../kit.ts'
import type { WhatsAppAccess } from './send-message.ts'

/**
 * Asks WhatsApp to tell who is behind an address with every webhook of a number, and to hold sends to it. Saying it again
 * changes nothing.
 */
export async function setIdentityCheck(access: WhatsAppAccess, enabled: boolean): Promise<void> {
  const { status, body, retryAfterMs } = await request({
    method: 'POST',
    url: `${access.baseUrl}/${access.graphVersion}/${access.phoneNumberId}/settings`,
    headers: { authorization: `Bearer ${access.accessToken}` },
    json: { user_identity_change: { enable_identity_key_check: enabled } },
    timeoutMs: access.timeoutMs,
  })
  if (status < 300) return
  const { error } = (typeof body === 'object' && body !== null ? body : {}) as {
    error?: { message?: string }
  }
  const message = `WhatsApp did not change the setting: ${error?.message ?? `HTTP ${status}`}`
  if (status === 429 || status >= 500) {
    throw new AppError('unavailable', message, { ...(retryAfterMs !== undefined && { retryAfterMs }) })
  }
  throw new AppError('whatsapp_refused', message)
}
