/** What a message does to another one, which it names by its wamid; undefined of one that stands for itself. */
export interface MessageChange {
  kind: 'reaction' | 'edit' | 'revoke'
  targetWamid: string
  /** Of a reaction: empty when it is taken back. */
  emoji?: string
  /** Of an edit: what the message says now, in the Cloud API's shape. */
  message?: Record<string, unknown>
}

/** Reads a webhook message, an echo, or a message of our own. */
export function readChange(content: Record<string, unknown>): MessageChange | undefined {
  const kind = content['type']
  if (kind !== 'reaction' && kind !== 'edit' && kind !== 'revoke') return undefined
  const body = record(content[kind])
  const targetWamid = body[kind === 'reaction' ? 'message_id' : 'original_message_id']
  if (typeof targetWamid !== 'string' || targetWamid === '') return undefined
  if (kind === 'revoke') return { kind, targetWamid }
  if (kind === 'edit') return { kind, targetWamid, message: record(body['message']) }
  return { kind, targetWamid, emoji: typeof body['emoji'] === 'string' ? body['emoji'] : '' }
}

/** The types that change another message: none of them is shown as one of its own. */
export const changeTypes = ['reaction', 'edit', 'revoke'] as const

/** A message with the edit applied: WhatsApp repeats what can be edited, words and captions, and little else. */
export function editContent(
  content: Record<string, unknown>,
  edited: Record<string, unknown>,
): Record<string, unknown> {
  const type = String(content['type'])
  const change = edited[type]
  if (change === null || typeof change !== 'object') return content
  return { ...content, [type]: { ...record(content[type]), ...change } }
}

export const deletedWords = 'This message was deleted'

/** What stays of a message that its sender has deleted: that there was one, and of what type. */
export function deletedContent(content: Record<string, unknown>): Record<string, unknown> {
  return { type: String(content['type']), deleted: true }
}

function record(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}
