import { z } from 'zod'
import { jsonObjectSchema, type Json, type JsonObject } from './json.ts'

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
  /** What was filled in: a Flow's answers or an address. */
  answers: jsonObjectSchema.optional(),
})
export type Reply = z.infer<typeof replySchema>

/** WhatsApp allows 4,096 characters; a history needs no more than a card can use. */
const maximumTextLength = 4_096

/** Larger answers are read from their row: a history holds short values. */
const maximumAnswersLength = 8_000

/** Reads the answer out of a Cloud API webhook message of any type, known or not. */
export function toReply(message: Record<string, unknown>, messageId: string, factId: string): Reply {
  const type = typeof message['type'] === 'string' ? message['type'] : 'unknown'
  const body = record(message[type])
  const choice = record(body['button_reply'] ?? body['list_reply'])
  const form = record(body['nfm_reply'])
  const { flow_token: _token, ...answers } = readFormAnswers(message) ?? {}
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
    ...(isShort(answers) && { answers }),
  }
}

/** The `response_json` of a filled-in form (a Flow, an address); undefined of every other message, and of broken JSON. */
export function readFormAnswers(message: Record<string, unknown>): JsonObject | undefined {
  if (message['type'] !== 'interactive') return undefined
  const { response_json: json } = record(record(message['interactive'])['nfm_reply'])
  if (typeof json !== 'string') return undefined
  try {
    const parsed = jsonObjectSchema.safeParse(toStorable(JSON.parse(json)))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

function isShort(answers: JsonObject): boolean {
  return Object.keys(answers).length > 0 && JSON.stringify(answers).length <= maximumAnswersLength
}

/** JSON inside a string may hold what PostgreSQL cannot store: NUL and lone surrogates. */
function toStorable(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '')
  if (Array.isArray(value)) return value.map(toStorable)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [toStorable(key) as string, toStorable(child)]),
  )
}

function record(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {}
}

function string(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** A reply for a variable: what was tapped, typed, shared or filled in. */
export function replyValue(reply: Reply): Json {
  if (reply.answers) return reply.answers
  if (reply.location) return { ...reply.location }
  return reply.mediaId ?? reply.text
}
