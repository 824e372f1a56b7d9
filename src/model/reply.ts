import { z } from 'zod'
import { orderReply, readOrder } from './catalog-order.ts'
import { jsonObjectSchema, toStorable, type Json, type JsonObject } from './json.ts'

/** What a customer's message means to a card that waits: short values only, because it travels in histories. */
export const replySchema = z.object({
  messageId: z.string(),
  /** The fact of the message's arrival: the cause of what the card does next. */
  factId: z.string(),
  type: z.string(),
  text: z.string(),
  /** Id of the tapped button or list row. */
  choiceId: z.string().optional(),
  location: z
    .object({
      latitude: z.number(),
      longitude: z.number(),
      name: z.string().max(1_000).optional().catch(undefined),
      address: z.string().max(1_000).optional().catch(undefined),
    })
    .optional(),
  mediaId: z.string().optional(),
  /** What was filled in: a Flow's answers or an address. */
  answers: jsonObjectSchema.optional(),
  /** Which form they are of: WhatsApp's `flow` or `address_message`. */
  form: z.string().optional(),
  /** A cart: what was ordered, as the event `order_placed` tells it. */
  order: jsonObjectSchema.optional(),
})
export type Reply = z.infer<typeof replySchema>

/** WhatsApp allows 4,096 characters; a history needs no more than a card can use. */
const maximumTextLength = 4_096

/** A history holds short values. */
const maximumAnswersLength = 8_000

/** Reads the answer out of a Cloud API webhook message of any type, known or not. */
export function toReply(message: Record<string, unknown>, messageId: string, factId: string): Reply {
  const type = typeof message['type'] === 'string' ? message['type'] : 'unknown'
  const body = record(message[type])
  const choice = record(body['button_reply'] ?? body['list_reply'])
  const form = record(body['nfm_reply'])
  const { flow_token: _token, ...answers } = readFormAnswers(message) ?? {}
  const order = type === 'order' ? readOrder(message) : undefined
  const text =
    string(body['body']) ??
    string(choice['title']) ??
    string(form['body']) ??
    string(body['text']) ??
    string(body['caption'])
  const choiceId = string(choice['id']) ?? (type === 'button' ? string(body['payload']) : undefined)
  const location = replySchema.shape.location.safeParse(message['location'])
  const mediaId = ['image', 'video', 'audio', 'document', 'sticker'].includes(type)
    ? string(body['id'])
    : undefined
  return {
    messageId,
    factId,
    type,
    text: (text ?? '').slice(0, maximumTextLength),
    ...(choiceId !== undefined && { choiceId }),
    ...(location.success && location.data && { location: location.data }),
    ...(mediaId !== undefined && { mediaId }),
    ...(Object.keys(answers).length > 0 && { answers: shortened(answers) }),
    ...(typeof form['name'] === 'string' && { form: form['name'] }),
    ...(typeof order === 'object' && { order: orderReply(order) }),
  }
}

/** The `response_json` of a filled-in form (a Flow, an address); undefined of every other message, and of broken JSON. */
export function readFormAnswers(message: Record<string, unknown>): JsonObject | undefined {
  if (message['type'] !== 'interactive') return undefined
  const { response_json: json } = record(record(message['interactive'])['nfm_reply'])
  if (typeof json !== 'string') return undefined
  try {
    // JSON inside a string may hold what PostgreSQL cannot store.
    const parsed = jsonObjectSchema.safeParse(toStorable(JSON.parse(json) as Json))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/** As many answers as there is room for; all of them are in their row. */
function shortened(answers: JsonObject): JsonObject {
  let length = 0
  const kept = Object.entries(answers).filter(([key, value]) => {
    const own = key.length + JSON.stringify(value).length + 4
    if (length + own > maximumAnswersLength) return false
    length += own
    return true
  })
  return Object.fromEntries(kept)
}

function record(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {}
}

function string(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** A place without what it does not say. */
export function locationValue({
  latitude,
  longitude,
  name,
  address,
}: NonNullable<Reply['location']>): JsonObject {
  return { latitude, longitude, ...(name && { name }), ...(address && { address }) }
}

/** A reply for a variable: what was tapped, typed, shared or filled in. */
export function replyValue(reply: Reply): Json {
  if (reply.answers) return reply.answers
  if (reply.order) return reply.order
  if (reply.location) return locationValue(reply.location)
  return reply.mediaId ?? reply.text
}
