import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { ConsentScope, ConsentState } from '../model/consent.ts'
import { AppError } from '../model/errors.ts'
import { relaySoon } from '../outbox/relay.ts'
import { getConsent, type ContactConsent } from './find-consent.ts'
import { recordConsent } from './record-consent.ts'

/** Another clock may be a little ahead of ours. */
const toleranceMs = 5 * 60_000

/** Records what somebody agreed to or refused elsewhere: on a form, at a counter, on the phone. */
export async function setConsent(
  deps: Deps,
  input: {
    workspaceId: string
    contactId: string
    category: ConsentScope
    state: ConsentState
    source: string
    text: string
    atMs: number
    by: string
  },
): Promise<ContactConsent> {
  if (input.atMs > Date.now() + toleranceMs) {
    const fields = [{ field: 'at', message: 'is in the future' }]
    throw new AppError('invalid_input', 'consent is given now or was given before', { fields })
  }
  const { contactId } = await getConsent(deps, input.workspaceId, input.contactId)
  const outbox = await forkFor(deps.orm, input.workspaceId).transactional((em) =>
    recordConsent(em, { ...input, contactId, causeId: newId() }),
  )
  relaySoon(deps, outbox)
  return getConsent(deps, input.workspaceId, contactId)
}
