import { messageContentSchema, type MessageContent } from '../model/message.ts'
import type { JsonObject } from '../model/json.ts'
import { renderTemplate, textScope } from '../model/template.ts'

/** What stands between a message and its sending. */
export interface Recipient {
  /** Why this contact does not want a message of this category, if so. */
  unwanted: string | undefined
  reachable: boolean
  windowOpen: boolean
  /** The person behind the address changed, and nobody said that it is the right one. */
  distrusted?: boolean
}
export interface Refusal {
  code: string
  reason: string
}

/**
 * Renders a message for a contact and says why it may not go out, if so. The simulator asks the same question.
 * @param values undefined when the texts are final and nothing in them is a placeholder any more.
 */
export function composeMessage(
  content: MessageContent,
  values: { contact: object; vars: JsonObject; nowMs: number } | undefined,
  recipient: Recipient,
): { content: MessageContent; refusal: Refusal | undefined } {
  if (!values) return { content, refusal: refusalOf(content, [], recipient) }
  const { value: rendered, missing } = renderTemplate(content, textScope(values))
  return { content: rendered, refusal: refusalOf(rendered, missing, recipient) }
}

/** Why a message whose texts are final may not go out, if so. @param missing what it needs and has no value for */
export function refusalOf(
  rendered: MessageContent,
  missing: string[],
  recipient: Recipient,
): Refusal | undefined {
  if (recipient.unwanted) return { code: 'opted_out', reason: recipient.unwanted }
  if (!recipient.reachable) return { code: 'unreachable', reason: 'the contact has no WhatsApp address' }
  if (recipient.distrusted) {
    const reason = "the contact's WhatsApp identity changed and was not acknowledged since"
    return { code: 'identity_changed', reason }
  }
  if (!recipient.windowOpen && rendered.type !== 'template') {
    return { code: 'window_closed', reason: 'the 24-hour window is closed and this is no template' }
  }
  if (missing.length > 0) {
    return { code: 'missing_variable', reason: `${missing.join(', ')} has no value and no fallback` }
  }
  const issue = messageContentSchema.safeParse(rendered).error?.issues[0]
  return issue && { code: 'invalid_message', reason: `${issue.path.join('.')}: ${issue.message}` }
}
