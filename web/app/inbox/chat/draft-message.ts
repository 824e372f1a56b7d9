import type { JsonObject } from '../../../../src/model/json.ts'
import type { Message } from '../../api/inbox-shapes.ts'
import { words } from './content/read-content.ts'

/** What is not sent yet, as a message that can be drawn. */
export function draftMessage({
  id,
  text,
  content,
}: {
  id: string
  text: string
  content: JsonObject
}): Message {
  return {
    ...{ id, conversationId: '', direction: 'out', type: words(content, 'type'), content, text },
    ...{ wamid: null, contextWamid: null, runId: null, createdAt: '', sentByCustomerAt: null, ledger: null },
    ...{ editedAt: null, deletedAt: null, quoted: null, reactions: [], media: null },
    sender: { kind: 'user', id: null, name: null },
  }
}
