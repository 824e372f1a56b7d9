import { lockContact } from '../contacts/lock-contact.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { ConsentScope, ConsentState } from '../model/consent.ts'
import { relaySoon } from '../outbox/relay.ts'
import { recordConsent } from './record-consent.ts'

/** What a journey understood of what somebody wants. The same step said again is the same statement. */
export async function sayForRun(
  deps: Deps,
  input: {
    workspaceId: string
    contactId: string
    runId: string
    category: ConsentScope
    state: ConsentState
    atMs: number
    causeId: string
  },
): Promise<void> {
  const { workspaceId, runId, contactId, ...said } = input
  const outbox = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { id } = await lockContact(em, workspaceId, contactId)
    return recordConsent(em, {
      ...said,
      ...{ workspaceId, contactId: id, source: 'journey', by: `run ${runId}` },
    })
  })
  relaySoon(deps, outbox)
}
