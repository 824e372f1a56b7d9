import type { InboundMessage } from '../../integrations/whatsapp/webhook.ts'

/** A message on its way in, with the rows it belongs to. */
export interface Arrival extends InboundMessage {
  id: string
  factId: string
  receivedAtMs: number
  contactId: string
  conversationId: string
  askKey: string | undefined
  /** A campaign has written to the contact within a day: this may be the answer. */
  isCampaigned: boolean
}
