import { z } from 'zod'
import type { Json } from './json.ts'

/** What a customer's message means to a card that waits: short values only, because it travels in histories. */
export const replySchema = z.object({
  messageId: z.string(),
  /** The fact of the message's arrival: the cause of what the card does next. */
  factId: z.string(),
  type: z.string(),
  text: z.string(),
  /** Id of the tapped button or list row. */
  choiceId: z.string().optional(),
  location: z.object({ latitude: z.number(), longitude: z.number() }).optional(),
  mediaId: z.string().optional(),
})
export type Reply = z.infer<typeof replySchema>

/** WhatsApp allows 4,096 characters; a history needs no more than a card can use. */
const maximumTextLength = 4_096

/** Reads the answer out of a Cloud API webhook message of any type, known or not. */
export function toReply(message: Record<string, unknown>, messageId: string, factId: string): Reply {
  const type = typeof message['type'] === 'string' ? message['type'] : 'unknown'
  const body = record(message[type])
  const choice = record(body['button_reply'] ?? body['list_reply'])
  const text =
    string(body['body']) ?? string(choice['title']) ?? string(body['text']) ?? string(body['caption'])
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
  }
}

function record(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {}
}

function string(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** The words of a reply for a variable: what was tapped, typed or shared. */
export function replyValue(reply: Reply): Json {
  if (reply.location) return { ...reply.location }
  return reply.mediaId ?? reply.text
}
