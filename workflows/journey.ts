import { CancellationScope, isCancellation, setHandler, upsertSearchAttributes } from '@temporalio/workflow'
import { act } from './act.ts'
import { runJourney } from './cards/run-journey.ts'
import type { JourneyEnd, JourneyState } from './cards/journey-state.ts'
import { optedOut, progress, searchAttribute, type JourneyInput } from './contract.ts'
import { createJourneyDriver } from './journey-driver.ts'
import { openHolds } from './journey-holds.ts'
import { openStanding, type JourneyStanding } from './journey-standing.ts'

/** One contact's way through one published journey: the whole engine is the loop in `runJourney`. */
export async function journey(input: JourneyInput): Promise<JourneyEnd> {
  const { definition, state } = input
  const standing = openStanding(input)
  const holds = openHolds(input, standing)
  let isUnwanted = false
  const scope = new CancellationScope()
  setHandler(optedOut, () => {
    isUnwanted = true
    scope.cancel()
  })
  setHandler(progress, () => ({ state, status: standing.status(), details: standing.details() }))
  try {
    const driver = createJourneyDriver(input, standing, holds)
    const end = await scope.run(() => runJourney(definition, state, driver))
    await finish(state, standing, end.state, end.reason)
    return end
  } catch (error) {
    if (!isCancellation(error)) throw error
    if (isUnwanted) {
      await finish(state, standing, 'exited', 'opted out')
      return { state: 'exited', reason: 'opted out' }
    }
    await CancellationScope.nonCancellable(() => finish(state, standing, 'cancelled', 'cancelled by hand'))
    throw error
  }
}

async function finish(
  { vars, goalReached }: JourneyState,
  standing: JourneyStanding,
  outcome: JourneyEnd['state'] | 'cancelled',
  reason: string,
): Promise<void> {
  standing.show('ended', `${outcome}: ${reason}`)
  upsertSearchAttributes([{ key: searchAttribute.state, value: outcome }])
  await act.endRun({ progress: standing.takeProgress(outcome), outcome: reason, goalReached, vars })
}
