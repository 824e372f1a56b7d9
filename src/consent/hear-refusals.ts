import type { InboundStatus } from '../../integrations/whatsapp/webhook.ts'
import { derivedId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { messageIdOf } from '../model/message-status.ts'
import { judgeSendError } from '../model/send-policy.ts'
import { toText } from '../model/json.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { recordConsent, recordStatements } from './record-consent.ts'

/** WhatsApp refuses to deliver because the person stopped marketing messages (131050): that is an opt-out. */
function saysOptOut(code: string | undefined): boolean {
  const verdict = judgeSendError(400, Number(code))
  return verdict.action === 'fail' && verdict.reason === 'opted-out'
}

/** The answer to a send said it. */
export async function hearRefusedSend(
  em: Em,
  sent: { workspaceId: string; contactId: string; messageId: string; code: string; reason: string },
): Promise<OutboxRow[]> {
  if (!saysOptOut(sent.code)) return []
  const { workspaceId, contactId, messageId, reason: text } = sent
  return recordConsent(em, {
    ...{ workspaceId, contactId, messageId, text },
    ...{ category: 'marketing', state: 'opted_out', source: 'whatsapp', by: 'whatsapp' },
    atMs: Date.now(),
    causeId: causeOf(messageId),
  })
}

/**
 * A status webhook said it. The person is the one the message was sent to; a message that is not known (yet) names them by
 * its recipient.
 */
export async function hearRefusedStatuses(
  em: Em,
  number: { id: string; workspaceId: string },
  statuses: InboundStatus[],
): Promise<OutboxRow[]> {
  const refused = statuses.filter(({ error }) => saysOptOut(error?.code))
  if (refused.length === 0) return []
  const { workspaceId } = number
  return em.transactional(async (tx) => {
    const found = await tx.execute<{ at: number; contact_id: string; message_id: string | null }[]>(
      `select n.at, coalesce(k.contact_id, w.contact_id, i.contact_id) as contact_id, coalesce(k.id, w.id) as message_id
       from jsonb_to_recordset(?::jsonb) as n(at int, callback uuid, wamid text, recipient text)
       left join messages k on k.id = n.callback and k.workspace_id = ?
       left join messages w on w.number_id = ? and w.wamid = n.wamid and w.direction = 'out'
       left join identities i on i.workspace_id = ? and i.kind = 'wa_id' and i.value = n.recipient and i.valid_to is null
       where coalesce(k.contact_id, w.contact_id, i.contact_id) is not null order by n.at`,
      [JSON.stringify(refused.map(toRow)), workspaceId, number.id, workspaceId],
    )
    const { outbox } = await recordStatements(
      tx,
      workspaceId,
      found.flatMap(({ at, contact_id, message_id }) => {
        const status = refused[at]
        if (!status) return []
        return [
          {
            ...{ contactId: contact_id, category: 'marketing' as const, state: 'opted_out' as const },
            ...{ source: 'whatsapp', by: 'whatsapp', text: status.error?.reason },
            atMs: status.atMs ?? Date.now(),
            causeId: causeOf(message_id ?? status.wamid),
            ...(message_id && { messageId: message_id }),
          },
        ]
      }),
    )
    return outbox
  })
}

function toRow({ callbackData, wamid, raw }: InboundStatus, at: number) {
  return { at, callback: messageIdOf(callbackData), wamid, recipient: toText(raw['recipient_id']) }
}

/** Heard twice, by the answer and by a status or by a status that comes again, it is one statement. */
function causeOf(messageId: string): string {
  return derivedId(messageId, 'stopped marketing')
}
