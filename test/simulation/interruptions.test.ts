import fc from 'fast-check'
import { createSimulationDriver } from '../../src/simulation/simulation-driver.ts'
import { SimulationStop, type SimulatedFact, type SimulatedMessage } from '../../src/simulation/simulation.ts'
import { Interrupted } from '../../workflows/cards/card.ts'
import type { JourneyDriver, JourneyState } from '../../workflows/cards/journey-state.ts'
import { runJourney } from '../../workflows/cards/run-journey.ts'
import { randomScenario, type RandomScenario } from '../support/random-journey.ts'

const startAtMs = Date.parse('2026-11-21T10:00:00Z')

test('a run that is interrupted in its waits, again and again, does what it would have done', async () => {
  let interruptions = 0
  await fc.assert(
    fc.asyncProperty(
      randomScenario({ pace: 'seconds' }),
      fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
      async (scenario, interrupts) => {
        const plain = await play(scenario, (driver) => driver)
        const shaken = await play(scenario, (driver) =>
          shake(driver, interrupts, () => void (interruptions += 1)),
        )
        expect(shaken).toEqual(plain)
      },
    ),
    { numRuns: 300 },
  )
  expect(interruptions).toBeGreaterThan(100)
})

/** Every wait may have to be begun twice: state goes through JSON in between, as continue-as-new would take it. */
function shake(driver: JourneyDriver, interrupts: boolean[], note: () => void): JourneyDriver {
  const left = [...interrupts]
  const before = <A extends unknown[], R>(wait: (...given: A) => Promise<R>) => {
    return async (...given: A): Promise<R> => {
      if (left.shift()) {
        note()
        throw new Interrupted()
      }
      return wait(...given)
    }
  }
  return {
    ...driver,
    sleepUntil: before(driver.sleepUntil),
    waitForReply: before(driver.waitForReply),
    waitForEvent: before(driver.waitForEvent),
    async boundary(state) {
      if (state.within) state.within = JSON.parse(JSON.stringify(state.within)) as typeof state.within
      return driver.boundary(state)
    },
  }
}

async function play(
  { definition, replies, events, contact }: RandomScenario,
  wrap: (driver: JourneyDriver) => JourneyDriver,
) {
  const facts: SimulatedFact[] = []
  const messages: SimulatedMessage[] = []
  const clock = { nowMs: startAtMs }
  const state: JourneyState = {
    ...{ cursor: definition.start, vars: {}, step: 0, visits: {}, epoch: 0 },
    ...{ causeId: 'start', lastFactAtMs: 0, isAnswering: true },
  }
  const driver = createSimulationDriver({
    ...{ definition, clock, options: { contact, startAtMs, replies, events } },
    sinks: { facts, messages },
    limit: { steps: 500, untilMs: startAtMs + 86_400_000 * 365 },
  })
  const end = await runJourney(definition, state, wrap(driver)).catch((error: unknown) => {
    if (error instanceof SimulationStop) return { state: error.state, reason: error.reason }
    throw error
  })
  return { end, facts, messages, vars: state.vars, finishedAtMs: clock.nowMs }
}
