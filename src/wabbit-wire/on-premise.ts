import type { Em } from '../db/orm.ts'
import type { WireMessage } from './wire-view.ts'

/** What the on-premise API posted to its one webhook, at the top level. Nothing that is empty is named. */
export interface OnPremiseBody {
  contacts?: { profile: { name: string }; wa_id: string }[]
  messages?: Record<string, unknown>[]
  statuses?: Record<string, unknown>[]
  errors?: unknown[]
}

/** Of what customers wrote. */
export function toOnPremise(messages: readonly WireMessage[]): OnPremiseBody {
  const written = messages.filter(({ from_us }) => !from_us)
  if (written.length === 0) return {}
  const contacts = new Map(
    written.flatMap(({ contact }) => (contact ? [[contact.wa_id, contact.waba_payload] as const] : [])),
  )
  const payloads = written.map((message) => message.waba_payload)
  return { contacts: [...contacts.values()], messages: payloads, ...errorsOf(payloads) }
}

/**
 * Of what became of our messages: every status that WhatsApp told, oldest first.
 * @param what of these messages only this one, e.g. `delivered`; all of them when absent
 */
export async function loadOnPremiseStatuses(
  em: Em,
  workspaceId: string,
  messageIds: readonly string[],
  what?: string,
): Promise<OnPremiseBody> {
  const rows = await em.execute<
    { wamid: string; status: string; at: number; raw: Record<string, unknown> }[]
  >(
    `select s.wamid, s.status, floor(extract(epoch from s.at))::float8 as at, s.raw
     from messages m join message_statuses s on s.wamid = m.wamid and s.number_id = m.number_id
     where m.workspace_id = ? and m.id in (select jsonb_array_elements_text(?::jsonb)::uuid)
       and (?::text is null or s.status = ?)
     order by s.at, array_position(array['sent', 'delivered', 'read', 'played', 'failed'], s.status)`,
    [workspaceId, JSON.stringify(messageIds), what ?? null, what ?? null],
  )
  if (rows.length === 0) return {}
  const statuses = rows.map(({ wamid, status, at, raw }) => {
    const { biz_opaque_callback_data: _ours, recipient_id: recipient = '', ...rest } = raw
    return {
      ...rest,
      ...{ id: wamid, recipient_id: recipient, status, timestamp: String(at), type: 'message' },
      message: { recipient_id: recipient },
    }
  })
  return { statuses, ...errorsOf(statuses) }
}

/** The on-premise API names errors at the top level too. */
function errorsOf(items: readonly Record<string, unknown>[]): { errors?: unknown[] } {
  const errors = items.flatMap(({ errors: own }) => (Array.isArray(own) ? (own as unknown[]) : []))
  return errors.length > 0 ? { errors } : {}
}
