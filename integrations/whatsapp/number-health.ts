import { z } from 'zod'
import { AppError } from '../../src/model/errors.ts'
import { request } from '../kit.ts'
import { readLimit } from './number-updates.ts'
import type { WhatsAppAccess } from './send-message.ts'

/** How WhatsApp sees a number. A limit of null is none; undefined is what it did not tell. */
export interface NumberHealth {
  quality: string | undefined
  throughput: string | undefined
  limit: number | null | undefined
}

const limitField = z.union([z.string(), z.number()]).nullish()
const answerSchema = z.object({
  quality_rating: z.string().nullish(),
  throughput: z.object({ level: z.string().nullish() }).nullish(),
  whatsapp_business_manager_messaging_limit: limitField,
  messaging_limit_tier: limitField,
})

/** Asks for the quality, the throughput and the messaging limit of its portfolio. */
export async function getNumberHealth(access: WhatsAppAccess): Promise<NumberHealth> {
  const fields = 'quality_rating,throughput,whatsapp_business_manager_messaging_limit'
  const { status, body, retryAfterMs } = await request({
    method: 'GET',
    url: `${access.baseUrl}/${access.graphVersion}/${access.phoneNumberId}?fields=${fields}`,
    headers: { authorization: `Bearer ${access.accessToken}` },
    timeoutMs: access.timeoutMs,
  })
  const { data } = answerSchema.safeParse(body)
  if (status !== 200 || !data)
    throw new AppError('unavailable', `WhatsApp did not tell how the number is: HTTP ${status}`, {
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    })
  return {
    quality: data.quality_rating ?? undefined,
    throughput: data.throughput?.level ?? undefined,
    limit: readLimit(data.whatsapp_business_manager_messaging_limit ?? data.messaging_limit_tier),
  }
}
