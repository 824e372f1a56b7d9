import { createBulk } from '../bulk/start-bulk.ts'
import { refuseUsed } from '../campaigns/campaign-uses.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { relaySoon } from '../outbox/relay.ts'
import { getJourney } from './manage-journeys.ts'

/** Runs a minute: who deletes a journey wants it to be over. */
const ratePerMinute = 6_000

/**
 * Softly: runs, versions and traces stay. Who is inside goes on, or is cancelled in bulk: a journey that is deleted cannot
 * be deleted again, so both happen or neither. Refused while a campaign that is not over starts it.
 * @param input `cancelledBy`: who wants those inside to be cancelled.
 */
export async function deleteJourney(
  deps: Deps,
  input: { workspaceId: string; journeyId: string; cancelledBy?: string | undefined },
): Promise<void> {
  const { workspaceId, journeyId, cancelledBy: by } = input
  const outbox = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const journey = await getJourney(em, journeyId)
    await refuseUsed(em, workspaceId, { id: journeyId, what: 'the journey' })
    journey.publishedVersionId = null
    journey.deletedAt = new Date()
    await em.flush()
    if (by === undefined) return []
    const cancel = { kind: 'cancel', selection: { journeyId }, order: {}, ratePerMinute }
    return (await createBulk(em, { workspaceId, ...cancel, by })).outbox
  })
  relaySoon(deps, outbox)
}
