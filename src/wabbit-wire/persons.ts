import { contactName, contactPhone } from '../contacts/contact-names.ts'
import type { Em } from '../db/orm.ts'
import type { WirePerson } from './wire-view.ts'

/** Of `contacts c`, in SQL: by what a customer is known on the wire. Who hides the phone is known by WhatsApp's user id. */
export const wireWaId = `coalesce(${contactPhone}, (select i.value from identities i where i.contact_id = c.id
  and i.kind = 'bsuid' and i.valid_to is null order by i.valid_from desc limit 1), c.id::text)`

interface PersonRow {
  id: string
  waId: string
  name: string | null
  lastInboundAt: number | null
}

/** Whom conversations are with, by the conversation's id. */
export async function loadPersons(
  em: Em,
  workspaceId: string,
  conversationIds: readonly string[],
): Promise<Map<string, WirePerson>> {
  if (conversationIds.length === 0) return new Map()
  const rows = await em.execute<PersonRow[]>(
    `select v.id, ${wireWaId} as "waId", ${contactName} as name,
       floor(extract(epoch from v.last_inbound_at))::float8 as "lastInboundAt"
     from conversations v join contacts c on c.id = v.contact_id
     where v.workspace_id = ? and v.id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, JSON.stringify([...new Set(conversationIds)])],
  )
  return new Map(rows.map((row) => [row.id, toPerson(row)]))
}

function toPerson({ waId, name, lastInboundAt }: PersonRow): WirePerson {
  const shown = name ?? waId
  return {
    wa_id: waId,
    waba_payload: { profile: { name: shown }, wa_id: waId },
    initials: initialsOf(shown),
    last_message_timestamp: lastInboundAt,
  }
}

/** Of the first word and the last. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  return ends.map((word) => [...(word ?? '')][0]?.toUpperCase() ?? '').join('')
}
