import type { InboundOther, Raw } from './webhook.ts'

/** A message that somebody of the business wrote in the WhatsApp Business app, on a number that is on the Cloud API too. */
export interface MessageEcho {
  wamid: string
  /** The customer. */
  waId: string | undefined
  bsuid: string | undefined
  profileName: string | undefined
  type: string
  contextWamid: string | undefined
  atMs: number | undefined
  raw: Raw
}

/** Webhook field `smb_message_echoes`; what it holds else is kept with the raw item. */
export function parseMessageEchoes({ field, raw }: InboundOther): MessageEcho[] {
  if (field !== 'smb_message_echoes') return []
  const value = record(raw['value'])
  const profiles = list(value['contacts'])
  return list(value['message_echoes']).flatMap((echo, at) => {
    const wamid = text(echo['id'])
    const profile = profiles.find((each) => each['wa_id'] === echo['to']) ?? profiles[at] ?? {}
    const waId = text(echo['to'])?.replace(/\D/g, '') || undefined
    const bsuid = text(echo['to_user_id']) ?? text(profile['user_id'])
    const type = text(echo['type']) ?? 'unknown'
    if (!wamid || !(waId || bsuid)) return []
    const seconds = Number(echo['timestamp'])
    const atMs = seconds > 0 && seconds < 4_102_444_800 ? seconds * 1_000 : undefined
    const profileName = text(record(profile['profile'])['name'])
    const contextWamid = text(record(echo['context'])['id'])
    return [{ wamid, waId, bsuid, profileName, type, contextWamid, atMs, raw: echo }]
  })
}

function record(value: unknown): Raw {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Raw) : {}
}

function list(value: unknown): Raw[] {
  return Array.isArray(value) ? value.map(record) : []
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
