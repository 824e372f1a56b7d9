import { createHmac, randomUUID } from 'node:crypto'
import type { WhatsAppNumber } from './seed-number.ts'

type Json = Record<string, unknown>

/** One webhook body with its signature, ready to be posted. */
export interface SignedBody {
  body: string
  headers: { 'x-hub-signature-256': string }
  items: number
}

/** Groups items as Meta does: messages and statuses are changes of their own. */
export function signedBody(
  number: WhatsAppNumber,
  items: { messages: Json[]; statuses: Json[] },
): SignedBody {
  const change = (part: Json) => ({
    field: 'messages',
    value: {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: number.displayNumber, phone_number_id: number.phoneNumberId },
      ...part,
    },
  })
  const { messages, statuses } = items
  const changes = [
    ...(messages.length > 0 ? [change({ contacts: messages.map(profileOf), messages })] : []),
    ...(statuses.length > 0 ? [change({ statuses })] : []),
  ]
  const body = JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: number.wabaId, time: now(), changes }],
  })
  const signature = createHmac('sha256', number.appSecret).update(body).digest('hex')
  return {
    body,
    headers: { 'x-hub-signature-256': `sha256=${signature}` },
    items: messages.length + statuses.length,
  }
}

export function textMessage(waId: string, body: string): Json {
  return { from: waId, id: newWamid(), timestamp: String(now()), type: 'text', text: { body } }
}

/** Stored and shown, and nobody's turn to answer. */
export function reactionMessage(waId: string, wamid: string): Json {
  const reaction = { message_id: wamid, emoji: '\u{1F44D}' }
  return { from: waId, id: newWamid(), timestamp: String(now()), type: 'reaction', reaction }
}

export function tapMessage(waId: string, id: string, title: string): Json {
  const interactive = { type: 'button_reply', button_reply: { id, title } }
  return { from: waId, id: newWamid(), timestamp: String(now()), type: 'interactive', interactive }
}

/** With everything that Meta sends along: conversation, price, our callback data. */
export function statusItem(waId: string, wamid: string, status: string, callbackData: string): Json {
  const conversation = { id: wamid.slice(-32), origin: { type: 'utility' } }
  const pricing = { billable: true, pricing_model: 'PMP', type: 'regular', category: 'utility' }
  return {
    id: wamid,
    status,
    timestamp: String(now()),
    recipient_id: waId,
    recipient_user_id: `US.${waId}`,
    biz_opaque_callback_data: callbackData,
    ...(status !== 'read' && { conversation, pricing }),
  }
}

export function newWamid(): string {
  return `wamid.HBg${Buffer.from(randomUUID()).toString('base64url').toUpperCase()}`
}

function profileOf(message: Json): Json {
  return { wa_id: message['from'], user_id: `US.${message['from']}`, profile: { name: 'Ann Example' } }
}

function now(): number {
  return Math.floor(Date.now() / 1000)
}
