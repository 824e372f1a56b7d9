import { CancellationScope, isCancellation, setHandler, upsertSearchAttributes } from '@temporalio/workflow'
import { act } from './act.ts'
import { runJourney } from './cards/run-journey.ts'
import type { JourneyEnd, JourneyState } from './cards/journey-state.ts'
import { optedOut, progress, searchAttribute, type JourneyInput } from './contract.ts'
import { createJourneyDriver } from './journey-driver.ts'
import { acceptMigrations } from './journey-migration.ts'
import { openHolds } from './journey-holds.ts'
import { openStanding, type JourneyStanding } from './journey-standing.ts'

/** One contact's way through one published journey: the whole engine is the loop in `runJourney`. */
export async function journey(input: JourneyInput): Promise<JourneyEnd> {
  const { definition, state } = input
  const standing = openStanding(input)
  const holds = openHolds(input, standing)
  const migrations = acceptMigrations(input, holds)
  const end = async (outcome: Ending, reason: string) => {
    migrations.close('ended')
    await finish(state, standing, outcome, reason)
  }
  let isUnwanted = false
  const scope = new CancellationScope()
  setHandler(optedOut, () => {
    isUnwanted = true
    scope.cancel()
  })
  setHandler(progress, () => ({
    state,
    status: standing.status(),
    details: standing.details(),
    isHeld: holds.isHeld(),
  }))
  try {
    const driver = createJourneyDriver(input, { standing, holds, migrations })
    const ended = await scope.run(() => runJourney(definition, state, driver))
    await end(ended.state, ended.reason)
    return ended
  } catch (error) {
    if (!isCancellation(error)) throw error
    if (isUnwanted) {
      await end('exited', 'opted out')
      return { state: 'exited', reason: 'opted out' }
    }
    await CancellationScope.nonCancellable(() => end('cancelled', 'cancelled by hand'))
    throw error
  }
}

type Ending = JourneyEnd['state'] | 'cancelled'

async function finish(
  { vars, goalReached }: JourneyState,
  standing: JourneyStanding,
  outcome: Ending,
  reason: string,
): Promise<void> {
  standing.show('ended', `${outcome}: ${reason}`)
  upsertSearchAttributes([{ key: searchAttribute.state, value: outcome }])
  await act.endRun({ progress: standing.takeProgress(outcome), outcome: reason, goalReached, vars })
}
