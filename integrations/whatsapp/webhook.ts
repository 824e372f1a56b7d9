import { createHmac, timingSafeEqual } from 'node:crypto'
import { toText } from '../../src/model/json.ts'

/** A JSON object as WhatsApp sent it; unknown fields are kept. */
export type Raw = Record<string, unknown>

export interface InboundMessage {
  wamid: string
  /** Phone number; absent when the customer is known by BSUID only. */
  waId: string | undefined
  bsuid: string | undefined
  parentBsuid: string | undefined
  username: string | undefined
  profileName: string | undefined
  /** Of the person behind the address; only while the number's identity check is on. */
  identityHash: string | undefined
  atMs: number | undefined
  type: string
  contextWamid: string | undefined
  raw: Raw
}
export interface InboundStatus {
  wamid: string
  status: string
  /** Set for group messages: each participant has statuses of one's own. */
  participant: string
  /** The recipient's phone number, or BSUID. */
  address: string | undefined
  identityHash: string | undefined
  atMs: number | undefined
  callbackData: string | undefined
  error: { code: string; reason: string } | undefined
  raw: Raw
}
/** Everything that is neither a customer's message nor a status: kept whole, shown, never refused. */
export interface InboundOther {
  field: string
  raw: Raw
  /** When Meta says that it happened. */
  atMs?: number | undefined
  problem: string | undefined
}
export interface InboundBatch {
  phoneNumberId: string | undefined
  wabaId: string | undefined
  messages: InboundMessage[]
  statuses: InboundStatus[]
  others: InboundOther[]
  field: string
  /** The change as it came, for what turns out to belong to no number of ours. */
  change: Raw
}

/** HMAC-SHA256 over the raw bytes, `sha256=` prefixed, compared in constant time. */
export function isSignedBy(appSecret: string, body: Uint8Array, header: string | undefined): boolean {
  if (!appSecret || !header?.startsWith('sha256=')) return false
  const expected = createHmac('sha256', appSecret).update(body).digest()
  const given = Buffer.from(header.slice('sha256='.length), 'hex')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** Splits a webhook body into what it holds, one batch a change. Nothing is dropped, whatever its shape. */
export function parseWebhook(body: unknown): InboundBatch[] {
  const clean = isStorable(body) ? body : toStorable(body)
  const entries = list(record(clean)['entry'])
  return entries.flatMap((entry) => {
    const wabaId = text(entry['id'])
    const atMs = seconds(entry['time'])
    return list(entry['changes']).map((change) => parseChange(change, wabaId, atMs))
  })
}

function parseChange(change: Raw, wabaId: string | undefined, atMs: number | undefined): InboundBatch {
  const field = text(change['field']) ?? 'unknown'
  const value = record(change['value'])
  const phoneNumberId = text(record(value['metadata'])['phone_number_id'])
  const batch: InboundBatch = { field, phoneNumberId, wabaId, messages: [], statuses: [], others: [], change }
  const other = (raw: Raw, problem?: string, name = field) =>
    batch.others.push({ field: name, raw, atMs, problem })
  const isConversation = field === 'messages' && phoneNumberId !== undefined
  const carriesItems = Array.isArray(value['messages']) || Array.isArray(value['statuses'])
  if (!isConversation || !carriesItems) {
    other(change)
    return batch
  }
  const profiles = list(value['contacts'])
  for (const [index, item] of array(value['messages']).entries()) {
    const message = parseMessage(item, profiles, index)
    if (typeof message === 'string') other({ message: item, contacts: profiles }, message)
    else if (text(message.raw['group_id'])) other(message.raw, undefined, 'messages.group')
    else batch.messages.push(message)
  }
  for (const item of array(value['statuses'])) {
    const status = parseStatus(item)
    if (typeof status === 'string') other({ status: item }, status)
    else batch.statuses.push(status)
  }
  if (Array.isArray(value['errors'])) other({ errors: value['errors'] }, undefined, 'messages.errors')
  return batch
}

function parseMessage(item: unknown, profiles: Raw[], index: number): InboundMessage | string {
  const raw = record(item)
  const wamid = text(raw['id'])
  if (!wamid) return 'the message has no id'
  const from = text(raw['from'])
  const fromUser = text(raw['from_user_id'])
  const profile =
    profiles.find((each) => (from ? each['wa_id'] === from : fromUser && each['user_id'] === fromUser)) ??
    profiles[index] ??
    {}
  const waId = from ?? text(profile['wa_id'])
  const bsuid = fromUser ?? text(profile['user_id'])
  if (!waId && !bsuid) return 'the message names no sender'
  const details = record(profile['profile'])
  return {
    wamid,
    waId,
    bsuid,
    parentBsuid: text(raw['from_parent_user_id']) ?? text(profile['parent_user_id']),
    username: text(details['username']),
    profileName: text(details['name']),
    identityHash: text(profile['identity_key_hash']),
    atMs: seconds(raw['timestamp']),
    type: text(raw['type']) ?? 'unknown',
    contextWamid: text(record(raw['context'])['id']),
    raw,
  }
}

function parseStatus(item: unknown): InboundStatus | string {
  const raw = record(item)
  const wamid = text(raw['id'])
  const status = text(raw['status'])
  if (!wamid || !status) return `the status has no ${wamid ? 'status' : 'id'}`
  const error = list(raw['errors'])[0]
  return {
    wamid,
    status,
    participant: text(raw['recipient_participant_id']) ?? text(raw['recipient_participant_user_id']) ?? '',
    address: text(raw['recipient_id']) ?? text(raw['recipient_user_id']),
    identityHash: text(raw['recipient_identity_key_hash']),
    atMs: seconds(raw['timestamp']),
    callbackData: text(raw['biz_opaque_callback_data']),
    error: error && {
      code: toText(error['code']) || 'unknown',
      reason:
        text(record(error['error_data'])['details']) ?? text(error['title']) ?? 'WhatsApp gave no reason',
    },
    raw,
  }
}

/** Nearly every body is: it needs no copy. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  if (Array.isArray(value)) return value.every(isStorable)
  if (value === null || typeof value !== 'object') return true
  return Object.entries(value).every(([key, child]) => isStorable(key) && isStorable(child))
}

/** PostgreSQL stores neither NUL nor lone surrogates; both may come inside JSON strings. */
function toStorable(value: unknown): unknown {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0') ? value : mend(value)
  if (Array.isArray(value)) return value.map(toStorable)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [mend(key), toStorable(child)]))
}

function mend(value: string): string {
  return value.toWellFormed().replaceAll('\0', '�')
}

function record(value: unknown): Raw {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Raw) : {}
}

function array(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function list(value: unknown): Raw[] {
  return array(value).map(record)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Unix seconds as a string; undefined when it is no sensible time (PostgreSQL would refuse it). */
function seconds(value: unknown): number | undefined {
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN
  return number > 0 && number < 4_102_444_800 ? number * 1_000 : undefined
}
