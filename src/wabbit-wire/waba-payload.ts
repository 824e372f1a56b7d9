import { listLibraryMedia, withMediaSources } from '../model/media-references.ts'
import type { MessageContent } from '../model/message.ts'
import type { WabaPayload } from './wire-view.ts'

/** What of a message's row its payload is made of. */
export interface PayloadRow {
  id: string
  wamid: string | null
  direction: 'in' | 'out'
  type: string
  content: Record<string, unknown>
  /** Of the file that came with it, once it was fetched. */
  mediaId: string | null
  /** The customer's. */
  waId: string
  atSeconds: number
  state: string | null
  reasonCode: string | null
  reason: string | null
}

const mediaTypes = new Set(['audio', 'document', 'image', 'sticker', 'video', 'voice'])

/**
 * A message in the words of the on-premise API: what came from the Cloud API's webhook loses what only that has, and what
 * we sent stands as it was posted. Files are named by links to our own rows, which expire nowhere.
 */
export function toWabaPayload(row: PayloadRow, baseUrl: string): WabaPayload {
  return row.direction === 'in' ? fromCustomer(row, baseUrl) : fromUs(row, baseUrl)
}

function fromCustomer(row: PayloadRow, baseUrl: string): WabaPayload {
  const { from_user_id: _user, from_parent_user_id: _parent, ...raw } = row.content
  const type = isVoice(row) ? 'voice' : row.type
  const { [row.type]: body, ...rest } = raw
  return {
    ...rest,
    from: row.waId,
    id: row.wamid ?? row.id,
    timestamp: String(row.atSeconds),
    type,
    ...(body !== undefined && { [type]: mediaTypes.has(type) ? toFile(row, body, baseUrl) : body }),
  }
}

function isVoice({ type, content }: PayloadRow): boolean {
  return type === 'audio' && record(content['audio'])['voice'] === true
}

/** Before the file was fetched its message stands for it: the same link leads to it afterwards. */
function toFile(row: PayloadRow, body: unknown, baseUrl: string): Record<string, unknown> {
  const { voice: _voice, url: _url, ...rest } = record(body)
  const id = row.mediaId ?? row.id
  return { ...rest, id, file: `/api/v1/media/${id}/`, link: mediaLink(baseUrl, id) }
}

function fromUs(row: PayloadRow, baseUrl: string): WabaPayload {
  const content = withOwnLinks(row, baseUrl)
  const body = record(content[row.type])
  const { preview_url: preview = false, ...text } = body
  const shown = row.type === 'text' ? text : body
  return {
    preview_url: preview === true,
    recipient_type: 'individual',
    to: row.waId,
    type: row.type,
    [row.type]: shown,
    id: row.wamid ?? row.id,
    timestamp: String(row.atSeconds),
    ...(row.state === 'failed' && { errors: [errorOf(row)] }),
  }
}

function errorOf({ reasonCode, reason }: PayloadRow): object {
  const code = Number(reasonCode)
  return { code: Number.isInteger(code) ? code : 0, title: reason ?? 'failed', details: reason ?? 'failed' }
}

/** What an echo of the phone shows is a file that came to us, as a customer's is. */
function withOwnLinks(row: PayloadRow, baseUrl: string): Record<string, unknown> {
  const content = row.content as MessageContent
  const sources = new Map(
    listLibraryMedia(content).map(({ id }) => [id, { id, link: mediaLink(baseUrl, id), name: '' }]),
  )
  const linked = { ...withMediaSources(content, sources) } as Record<string, unknown>
  const { filename, ...file } = record(linked[row.type])
  const body: Record<string, unknown> = { ...file, ...(Boolean(filename) && { filename }) }
  const isForeign = mediaTypes.has(row.type) && body['link'] === undefined
  return { ...linked, [row.type]: isForeign ? toFile(row, body, baseUrl) : body }
}

export function mediaLink(baseUrl: string, id: string): string {
  return `${baseUrl}/api/v1/media/${id}/`
}

function record(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}
