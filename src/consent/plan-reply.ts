import { recordFacts } from '../analytics/facts.ts'
import { loadContactView } from '../contacts/contact-view.ts'
import { derivedId, newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { consentReplies } from '../model/consent-replies.ts'
import type { ConsentSettings } from '../model/consent-settings.ts'
import type { ConsentLanguage } from '../model/consent-words.ts'
import { toText } from '../model/json.ts'
import { describeContent, type MessageContent } from '../model/message.ts'
import { renderTemplate } from '../model/template.ts'
import { enqueue, type OutboxRow } from '../outbox/outbox.ts'
import { sendWorkflowId } from '../../workflows/contract.ts'

export type ReplyKind = 'stopped' | 'stoppedMarketing' | 'started'

export interface ConsentReply {
  kind: ReplyKind
  /** The language of the word that was said, when it is of one only. */
  language: ConsentLanguage | undefined
  /** The customer's message. */
  messageId: string
  factId: string
  contactId: string
  conversationId: string
}

/** Keys of the answers to STOP and START: one a message of the customer's, and the guard against opt-outs lets them through. */
const keyPrefix = 'consent:'

export function isConsentReply(sendKey: string): boolean {
  return sendKey.startsWith(keyPrefix)
}

/**
 * Puts the answer into the ledger in the transaction that hears the word; a workflow sends it, whatever becomes of us. A
 * message that comes twice is stored once, and so is its answer.
 */
export async function planReply(
  em: Em,
  number: { id: string; workspaceId: string },
  settings: ConsentSettings,
  reply: ConsentReply,
): Promise<OutboxRow[]> {
  const { workspaceId } = number
  const { contactId, conversationId, messageId, factId: causeId, kind } = reply
  const contact = await loadContactView(em, workspaceId, contactId)
  const body = writeText(settings, reply, { contact })
  const content: MessageContent = { type: 'text', text: { body } }
  const id = derivedId(messageId, 'consent reply')
  const factId = newId()
  await em.execute(
    `insert into messages (id, workspace_id, conversation_id, number_id, contact_id, direction, type, content, text,
       fact_id, cause_id, send_key, class, state)
     values (?, ?, ?, ?, ?, 'out', 'text', ?::jsonb, ?, ?, ?, ?, 'utility', 'planned')`,
    [
      ...[id, workspaceId, conversationId, number.id, contactId, JSON.stringify(content)],
      ...[describeContent(content), factId, causeId, `${keyPrefix}${messageId}`],
    ],
  )
  const data = { message: id, by: 'automation', reply: kind }
  await recordFacts(em, workspaceId, [
    { id: factId, atMs: Date.now(), kind: 'message.requested', contactId, causeId, data },
  ])
  const workflowId = sendWorkflowId(workspaceId, id)
  return enqueue(em, [{ name: 'send', workflowId, payload: { workspaceId, messageId: id } }])
}

/** WhatsApp takes no more of a text. */
const maximumLength = 4_096

/** The workspace's own text in the contact's language, else its general one, else the one that ships. */
function writeText(
  settings: ConsentSettings,
  { kind, language }: ConsentReply,
  scope: { contact: Record<string, unknown> },
): string {
  const own = settings.replies[kind === 'started' ? 'start' : 'stop']
  const spoken = toText(scope.contact['language']).toLowerCase()
  const languages = [spoken, spoken.split(/[-_]/)[0] ?? '', ...(language ? [language] : [])]
  const texts = Object.fromEntries(
    Object.entries(own.byLanguage).map(([name, text]) => [name.toLowerCase(), text]),
  )
  const written = languages.map((each) => texts[each]).find(Boolean) ?? own.text
  const shipped: Partial<Record<string, Record<ReplyKind, string>>> = consentReplies
  const fallback = (languages.map((each) => shipped[each]).find(Boolean) ?? consentReplies.en)[kind]
  const { value, missing } = renderTemplate(written ?? fallback, scope)
  // Better the plain words than a gap, or none.
  return missing.length > 0 || value.trim() === '' ? fallback : value.slice(0, maximumLength)
}
