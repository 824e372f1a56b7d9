import { ContinueAsNew, isCancellation, setCurrentDetails } from '@temporalio/workflow'
import { act } from './act.ts'
import { runJourney } from './cards/run-journey.ts'
import type { RehearsalEnd, RehearsalInput } from './contract.ts'
import { createRehearsalDriver, Diverged, Stopped } from './rehearsal-driver.ts'

/**
 * A contact's way through a journey as the simulator foretold it, walked here by the same interpreter and cards: each
 * operation is held against the tape. Nothing leaves the house: the tape answers for the world.
 */
export async function rehearsal(input: RehearsalInput): Promise<{ outcome: string }> {
  const { workspaceId, rehearsalId, going } = input
  const ref = { workspaceId, rehearsalId }
  const { definition, contactId, startAtMs, ...opening } = await act.openRehearsal(ref)
  const state = going?.state ?? opening.state
  const facts = going?.facts ?? []
  const place = { at: going?.at ?? 0, nowMs: going?.nowMs ?? startAtMs }
  const driver = createRehearsalDriver({ ref, contactId, place, facts })
  const endOf = (end: Pick<RehearsalEnd, 'state' | 'reason'>): RehearsalEnd => ({
    state: end.state,
    reason: end.reason,
    vars: state.vars,
  })
  try {
    const end = endOf(await runJourney(definition, state, driver))
    return await act.endRehearsal({ ...ref, operations: place.at, end, facts })
  } catch (error) {
    if (error instanceof ContinueAsNew || isCancellation(error)) throw error
    if (error instanceof Stopped)
      return act.endRehearsal({ ...ref, operations: place.at, end: endOf(error.stop), facts })
    // In a real run what is thrown here would park it until the code is mended.
    const diverged = error instanceof Diverged ? error.message : `it threw ${String(error)}`
    setCurrentDetails(diverged)
    return act.endRehearsal({ ...ref, operations: place.at, diverged, facts })
  }
}
