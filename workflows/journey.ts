import { CancellationScope, isCancellation, setHandler, upsertSearchAttributes } from '@temporalio/workflow'
import { act } from './act.ts'
import { runJourney, type JourneyEnd } from './cards/run-journey.ts'
import { paused, progress, resumed, searchAttribute, type JourneyInput } from './contract.ts'
import { createJourneyDriver } from './journey-driver.ts'

/** One contact's way through one published journey: the whole engine is the loop in `runJourney`. */
export async function journey(input: JourneyInput): Promise<JourneyEnd> {
  const { definition, state } = input
  const driver = createJourneyDriver(input)
  setHandler(paused, () => driver.setPaused(true))
  setHandler(resumed, () => driver.setPaused(false))
  setHandler(progress, () => ({ state, status: driver.status(), details: driver.details() }))
  try {
    const end = await runJourney(definition, state, driver)
    await finish(end.state, end.reason)
    return end
  } catch (error) {
    if (!isCancellation(error)) throw error
    await CancellationScope.nonCancellable(() => finish('cancelled', 'cancelled by hand'))
    throw error
  }

  async function finish(outcome: 'completed' | 'exited' | 'cancelled', reason: string): Promise<void> {
    upsertSearchAttributes([{ key: searchAttribute.state, value: outcome }])
    const { vars, goalReached } = state
    const saved = driver.takeProgress(outcome, null)
    await act.endRun({ progress: saved, outcome: reason, goalReached, vars })
  }
}
