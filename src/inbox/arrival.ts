import type { InboundMessage } from '../../integrations/whatsapp/webhook.ts'

/** A message on its way in, with the rows it belongs to. */
export interface Arrival extends InboundMessage {
  id: string
  factId: string
  receivedAtMs: number
  contactId: string
  conversationId: string
  askKey: string | undefined
}
