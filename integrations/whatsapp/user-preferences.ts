import { toText } from '../../src/model/json.ts'
import type { InboundOther } from './webhook.ts'

/** A person stopped or resumed a business's marketing messages in WhatsApp itself. */
export interface MarketingPreference {
  waId: string | undefined
  bsuid: string | undefined
  profileName: string | undefined
  value: 'stop' | 'resume'
  detail: string
  atMs: number | undefined
}

type Raw = Record<string, unknown>

/** Reads webhooks of the field `user_preferences`; categories and values that Meta has not documented are left out. */
export function parseUserPreferences({ field, raw }: InboundOther): MarketingPreference[] {
  if (field !== 'user_preferences') return []
  const value = record(raw['value'])
  const profiles = list(value['contacts'])
  return list(value['user_preferences']).flatMap((item) => {
    const waId = toText(item['wa_id']) || undefined
    const bsuid = toText(item['user_id']) || undefined
    const preference = toText(item['value'])
    const isKnown = preference === 'stop' || preference === 'resume'
    if (!isKnown || item['category'] !== 'marketing_messages' || !(waId ?? bsuid)) return []
    const profile = profiles.find((each) => (waId ? each['wa_id'] === waId : each['user_id'] === bsuid))
    const seconds = Number(item['timestamp'])
    return [
      {
        waId,
        bsuid: bsuid ?? (toText(profile?.['user_id']) || undefined),
        profileName: toText(record(profile?.['profile'])['name']) || undefined,
        value: preference,
        detail: toText(item['detail']),
        atMs: seconds > 0 && seconds < 4_102_444_800 ? seconds * 1_000 : undefined,
      },
    ]
  })
}

function record(value: unknown): Raw {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Raw) : {}
}

function list(value: unknown): Raw[] {
  return Array.isArray(value) ? value.map(record) : []
}
