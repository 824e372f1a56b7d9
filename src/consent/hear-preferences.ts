import { parseUserPreferences } from '../../integrations/whatsapp/user-preferences.ts'
import type { InboundOther } from '../../integrations/whatsapp/webhook.ts'
import { claimContacts } from '../contacts/claim-contacts.ts'
import { derivedId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import type { NumberAccess } from '../settings/numbers.ts'
import { recordStatements } from './record-consent.ts'

/**
 * What people chose in WhatsApp's own settings, or with the opt-out button that WhatsApp puts under marketing messages. It is
 * about marketing only, needs no answer, and holds for people we do not know yet too.
 */
export async function hearPreferences(
  em: Em,
  number: NumberAccess,
  others: InboundOther[],
): Promise<OutboxRow[]> {
  const preferences = others.flatMap(parseUserPreferences)
  if (preferences.length === 0) return []
  const { workspaceId, portfolioId } = number
  const { contactIds, outbox: claimed } = await claimContacts(
    em,
    workspaceId,
    preferences.map((each) => ({ ...each, portfolioId })),
  )
  const { outbox } = await recordStatements(
    em,
    workspaceId,
    preferences.map(({ value, detail, atMs, waId, bsuid }, at) => ({
      contactId: contactIds[at] ?? '',
      category: 'marketing' as const,
      state: value === 'stop' ? ('opted_out' as const) : ('opted_in' as const),
      ...{ source: 'whatsapp', text: detail, by: 'whatsapp' },
      atMs: atMs ?? Date.now(),
      // The webhook has no id; told twice, it is the same person, choice and second.
      causeId: derivedId(number.id, waId ?? bsuid ?? '', value, String(atMs), 'user_preferences'),
    })),
  )
  return [...claimed, ...outbox]
}
