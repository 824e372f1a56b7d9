import type { MessageDetail } from '../inbox/message-detail.ts'
import { sendToContact } from '../inbox/send-to-contact.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { composeForApi, type ApiTemplate } from './compose-for-api.ts'

/** Sends a template to a contact, by an API, in just the language that is asked for. What is missing is named and nothing sent. */
export async function sendTemplate(
  deps: Deps,
  { contactId, by, ...order }: ApiTemplate & { contactId: string; by: string },
): Promise<MessageDetail> {
  const { workspaceId, numberId } = order
  const composed = await composeForApi(forkFor(deps.orm, workspaceId), order)
  return sendToContact(deps, { workspaceId, numberId, contactId, by, ...composed })
}
