import { randomInt } from 'node:crypto'
import { parseWebhook } from '../../integrations/whatsapp/webhook.ts'
import { forkFor } from '../../src/db/orm.ts'
import { receiveMessages } from '../../src/inbox/receive-messages.ts'
import { findNumberAccess } from '../../src/settings/numbers.ts'
import type { ApiRig } from '../support/api-rig.ts'

/** Customers of a number who say things as WhatsApp would tell of them, without a worker that answers. */
export async function hear(
  { deps }: Pick<ApiRig, 'deps'>,
  numberId: string,
  said: { from: string; name?: string; at?: number } & Record<string, unknown>,
): Promise<string> {
  const access = await findNumberAccess(deps, numberId)
  const { from, name = 'Konrad Tester', at = Math.floor(Date.now() / 1_000), ...message } = said
  const id = `wamid.${randomInt(1e12, 2e14)}`
  const value = {
    metadata: { phone_number_id: access.phoneNumberId },
    contacts: [{ profile: { name }, wa_id: from }],
    messages: [{ from, id, timestamp: String(at), ...message }],
  }
  const batches = parseWebhook({ entry: [{ id: 'waba', changes: [{ field: 'messages', value }] }] })
  await forkFor(deps.orm, access.workspaceId).transactional((em) =>
    receiveMessages(
      em,
      access,
      batches.flatMap(({ messages }) => messages),
    ),
  )
  return id
}

export const text = (body: string) => ({ type: 'text', text: { body } })
