import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { toWaId } from '../model/phone.ts'

/** Whether a phone number is on WhatsApp, as far as WhatsApp itself has told. */
export interface ContactCheck {
  waId: string
  status: 'valid' | 'invalid' | 'unknown'
  /** What it is known from; null when nothing was ever heard. */
  evidence: 'message_received' | 'message_sent' | 'message_undeliverable' | null
  at: string | null
  contactId: string | null
}
interface Evidence {
  contact_id: string | null
  received_at: string | null
  sent_at: string | null
  undeliverable_at: string | null
}

/** "Message undeliverable": the number is not on WhatsApp, or its app is too old, or the terms were not accepted. */
const undeliverable = '131026'

/**
 * The Cloud API has no call for this, so the answer is what WhatsApp said when there was a message: one that came from
 * the number, or that WhatsApp passed on to it, proves it valid; one that it could not deliver makes it invalid, or
 * unknown when the number had been valid before. Of a number that nobody wrote to or heard from, nothing is known.
 */
export async function checkContact(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, phone }: { workspaceId: string; phone: string },
): Promise<ContactCheck> {
  const waId = toWaId(phone)
  if (!waId) {
    const message = 'must be a phone number with country code'
    throw new AppError('invalid_input', `waId ${message}`, { fields: [{ field: 'waId', message }] })
  }
  const [found] = await forkFor(deps.orm, workspaceId).execute<Evidence[]>(
    `select p.contact_id, ${isoTime('m.received_at')} as received_at, ${isoTime('m.sent_at')} as sent_at,
       ${isoTime('m.undeliverable_at')} as undeliverable_at
     from (select coalesce(c.merged_into, c.id) as contact_id, i.valid_from from identities i
       join contacts c on c.id = i.contact_id
       where i.workspace_id = ? and i.kind = 'wa_id' and i.value = ? and i.valid_to is null limit 1) p
     cross join lateral (
       select max(created_at) filter (where direction = 'in' and content ->> 'from' = ?) as received_at,
         max(greatest(sent_at, delivered_at, read_at)) filter (where direction = 'out' and created_at >= p.valid_from) as sent_at,
         max(failed_at) filter (where direction = 'out' and reason_code = ? and created_at >= p.valid_from)
           as undeliverable_at
       from messages where contact_id = p.contact_id and workspace_id = ?) m`,
    [workspaceId, waId, waId, undeliverable, workspaceId],
  )
  const contactId = found?.contact_id ?? null
  return { waId, contactId, ...(found ? judge(found) : nothing) }
}

const nothing = { status: 'unknown', evidence: null, at: null } as const

function judge({
  received_at,
  sent_at,
  undeliverable_at,
}: Evidence): Omit<ContactCheck, 'waId' | 'contactId'> {
  const validAt = [received_at, sent_at].reduce((a, b) => ((a ?? '') > (b ?? '') ? a : b))
  if (undeliverable_at && undeliverable_at > (validAt ?? '')) {
    const status = validAt === null ? 'invalid' : 'unknown'
    return { status, evidence: 'message_undeliverable', at: undeliverable_at }
  }
  if (validAt === null) return nothing
  const evidence = validAt === received_at ? 'message_received' : 'message_sent'
  return { status: 'valid', evidence, at: validAt }
}
