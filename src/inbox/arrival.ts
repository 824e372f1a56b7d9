import type { InboundMessage } from '../../integrations/whatsapp/webhook.ts'

/** A message on its way in, with the rows it belongs to. */
export interface Arrival extends InboundMessage {
  id: string
  factId: string
  receivedAtMs: number
  contactId: string
  conversationId: string
  askKey: string | undefined
  /** It asks for no answer: it is stored and shown, and neither takes the floor nor starts or opens anything. */
  isSilent: boolean
  /** A campaign has written to the contact within a day: this may be the answer. */
  isCampaigned: boolean
}
