import { z } from 'zod'
import { request } from '../kit.ts'

const healthSchema = z.object({
  health_status: z.object({
    entities: z.array(z.looseObject({ entity_type: z.string(), id: z.coerce.string() })),
  }),
})

/**
 * Which number an API key of 360dialog is for, in WhatsApp's ids; undefined of a key that 360dialog does not take. Each key
 * is one number's (docs.360dialog.com, Messaging API, `GET /health_status`).
 */
export async function findKeyNumber(
  { baseUrl, timeoutMs }: { baseUrl: string; timeoutMs: number },
  key: string,
): Promise<string | undefined> {
  const { status, body } = await request({
    method: 'GET',
    url: `${baseUrl.replace(/\/$/, '')}/health_status`,
    headers: { 'D360-API-KEY': key },
    timeoutMs,
  })
  const { data } = healthSchema.safeParse(body)
  if (status !== 200 || !data) return undefined
  return data.health_status.entities.find(({ entity_type }) => entity_type === 'PHONE_NUMBER')?.id
}
