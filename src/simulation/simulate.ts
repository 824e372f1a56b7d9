import type { JourneyDefinition } from '../model/journey-definition.ts'
import { runJourney, type JourneyState } from '../../workflows/cards/run-journey.ts'
import type { SimulationClock } from './simulated-world.ts'
import {
  SimulationStop,
  type SimulatedFact,
  type SimulatedMessage,
  type Simulation,
  type SimulationOptions,
} from './simulation.ts'
import { createSimulationDriver } from './simulation-driver.ts'

const defaultMaximumSteps = 5_000
const maximumSimulatedMs = 100 * 366 * 86_400_000

/** Walks a valid journey with a virtual clock, in process: the cards and the interpreter are those of real runs. */
export async function simulateJourney(
  definition: JourneyDefinition,
  options: SimulationOptions,
): Promise<Simulation> {
  const clock: SimulationClock = { nowMs: options.startAtMs }
  const trace: SimulatedFact[] = []
  const messages: SimulatedMessage[] = []
  const state: JourneyState = {
    cursor: definition.start,
    vars: structuredClone(options.vars ?? {}),
    step: 0,
    visits: {},
    epoch: 0,
    causeId: 'start',
    lastFactAtMs: 0,
  }
  const limit = {
    steps: options.maximumSteps ?? defaultMaximumSteps,
    untilMs: options.startAtMs + maximumSimulatedMs,
  }
  const driver = createSimulationDriver({
    ...{ options, clock, trace, messages, limit },
    messageClass: definition.messageClass,
  })
  const end = await runJourney(definition, state, driver).catch((error: unknown) => {
    if (error instanceof SimulationStop) return error
    throw error
  })
  return {
    state: end.state,
    reason: end.reason,
    finishedAtMs: clock.nowMs,
    problem: end instanceof SimulationStop ? (end.problem ?? null) : null,
    trace,
    messages,
    vars: state.vars,
    goalReached: state.goalReached ?? null,
  }
}
