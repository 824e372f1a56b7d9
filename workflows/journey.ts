import { CancellationScope, isCancellation, setHandler, upsertSearchAttributes } from '@temporalio/workflow'
import { act } from './act.ts'
import { runJourney, type JourneyEnd, type JourneyState } from './cards/run-journey.ts'
import { optedOut, paused, progress, resumed, searchAttribute, type JourneyInput } from './contract.ts'
import { createJourneyDriver } from './journey-driver.ts'
import { openStanding, type JourneyStanding } from './journey-standing.ts'

/** One contact's way through one published journey: the whole engine is the loop in `runJourney`. */
export async function journey(input: JourneyInput): Promise<JourneyEnd> {
  const { definition, state } = input
  const standing = openStanding(input)
  let isPaused = input.paused
  let isUnwanted = false
  const scope = new CancellationScope()
  setHandler(optedOut, () => {
    isUnwanted = true
    scope.cancel()
  })
  setHandler(paused, () => void (isPaused = true))
  setHandler(resumed, () => void (isPaused = false))
  setHandler(progress, () => ({ state, status: standing.status(), details: standing.details() }))
  try {
    const end = await scope.run(() =>
      runJourney(
        definition,
        state,
        createJourneyDriver(input, standing, () => isPaused),
      ),
    )
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
