import { z } from 'zod'
import { AppError } from '../../src/model/errors.ts'
import { request, type HttpAnswer } from '../kit.ts'
import type { WhatsAppAccess } from './send-message.ts'

const remoteSchema = z.object({
  about: z.string().optional(),
  address: z.string().optional(),
  description: z.string().optional(),
  email: z.string().optional(),
  websites: z.array(z.string()).optional(),
  vertical: z.string().optional(),
  profile_picture_url: z.string().optional(),
})
/** What customers see of the business behind a number, in Meta's words. */
export type RemoteProfile = z.infer<typeof remoteSchema>

const fields = Object.keys(remoteSchema.shape).join(',')
const errorSchema = z.object({
  error: z.object({
    message: z.string().optional(),
    error_data: z.object({ details: z.string().optional() }).optional(),
  }),
})

export async function readBusinessProfile(access: WhatsAppAccess): Promise<RemoteProfile> {
  const answer = await request({ method: 'GET', ...callOf(access, `?fields=${fields}`) })
  if (answer.status !== 200) throw refusalOf(answer)
  return z.object({ data: z.array(remoteSchema) }).parse(answer.body).data[0] ?? {}
}

/** Only what is named changes; an empty text takes it away. */
export async function writeBusinessProfile(
  access: WhatsAppAccess,
  changes: Omit<RemoteProfile, 'profile_picture_url'> & { profile_picture_handle?: string },
): Promise<void> {
  const json = { messaging_product: 'whatsapp', ...changes }
  const answer = await request({ method: 'POST', ...callOf(access, ''), json })
  if (answer.status !== 200) throw refusalOf(answer)
}

function callOf(
  { baseUrl, graphVersion, phoneNumberId, accessToken, timeoutMs }: WhatsAppAccess,
  query: string,
) {
  return {
    url: `${baseUrl}/${graphVersion}/${phoneNumberId}/whatsapp_business_profile${query}`,
    headers: { authorization: `Bearer ${accessToken}` },
    timeoutMs,
  }
}

function refusalOf({ status, body, retryAfterMs }: HttpAnswer): AppError {
  const { data } = errorSchema.safeParse(body)
  const reason = data?.error.error_data?.details ?? data?.error.message ?? `HTTP ${status}`
  const isTheirs = status >= 500 || status === 429
  return new AppError(isTheirs ? 'unavailable' : 'whatsapp_refused', `WhatsApp: ${reason}`, {
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
}
