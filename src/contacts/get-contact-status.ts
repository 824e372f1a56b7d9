import { getConsent, type ContactConsent } from '../consent/find-consent.ts'
import type { Deps } from '../deps.ts'
import { checkContact, type ContactCheck } from './check-contact.ts'
import { getSurvivor } from './find-contacts.ts'

/** Whether a contact may be written to, and can be. */
export interface ContactStatus extends Omit<ContactConsent, 'contactId'> {
  contactId: string
  /** Refused nothing as a whole; a category may be refused all the same. */
  optedIn: boolean
  spamAt: string | null
  lastSeenAt: string | null
  createdAt: string
  /** Has a phone number or a BSUID. */
  reachable: boolean
  whatsapp: Pick<ContactCheck, 'status' | 'evidence' | 'at'>
}

export async function getContactStatus(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  contactId: string,
): Promise<ContactStatus> {
  const contact = await getSurvivor(deps, workspaceId, contactId)
  const consent = await getConsent(deps, workspaceId, contactId)
  const valid = contact.identities.filter(({ validTo }) => validTo === null)
  const phone = valid.find(({ kind }) => kind === 'wa_id')?.value
  const whatsapp = phone ? await checkContact(deps, { workspaceId, phone }) : undefined
  const { status, evidence, at } = whatsapp ?? { status: 'unknown' as const, evidence: null, at: null }
  const { spamAt, lastSeenAt, createdAt } = contact
  return {
    ...consent,
    optedIn: consent.optedOutAt === null,
    ...{ spamAt, lastSeenAt, createdAt, whatsapp: { status, evidence, at } },
    reachable: valid.some(({ kind }) => kind === 'wa_id' || kind === 'bsuid'),
  }
}
