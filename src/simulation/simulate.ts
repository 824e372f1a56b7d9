import type { JourneyDefinition } from '../model/journey-definition.ts'
import { runJourney } from '../../workflows/cards/run-journey.ts'
import type { JourneyDriver, JourneyState } from '../../workflows/cards/journey-state.ts'
import type { SimulationClock } from './simulated-world.ts'
import {
  SimulationStop,
  type RunEnd,
  type SimulatedFact,
  type SimulatedMessage,
  type Simulation,
  type SimulationOptions,
  type SimulationSinks,
} from './simulation.ts'
import { createSimulationDriver } from './simulation-driver.ts'

const defaultMaximumSteps = 5_000
const maximumSimulatedMs = 100 * 366 * 86_400_000

/** Walks a valid journey with a virtual clock, in process: the cards and the interpreter are those of real runs. */
export async function simulateJourney(
  definition: JourneyDefinition,
  options: SimulationOptions,
): Promise<Simulation> {
  const trace: SimulatedFact[] = []
  const messages: SimulatedMessage[] = []
  const end = await simulateRun(definition, options, { facts: trace, messages })
  return { ...end, trace, messages }
}

/** The same for one of many: what happens goes where somebody counts it. */
export async function simulateRun(
  definition: JourneyDefinition,
  options: SimulationOptions,
  sinks: SimulationSinks,
  /** Listens to what the interpreter asks of the driver. */
  listen: (driver: JourneyDriver) => JourneyDriver = (driver) => driver,
): Promise<RunEnd> {
  const clock: SimulationClock = { nowMs: options.startAtMs }
  const state: JourneyState = options.startFrom
    ? structuredClone(options.startFrom)
    : firstState(definition, options)
  const limit = {
    steps: state.step + (options.maximumSteps ?? defaultMaximumSteps),
    untilMs: options.startAtMs + maximumSimulatedMs,
  }
  let isGoalReached = false
  const facts = {
    push(fact: SimulatedFact) {
      isGoalReached ||= fact.kind === 'goal.reached'
      sinks.facts.push(fact)
    },
  }
  const driver = createSimulationDriver({
    ...{ definition, options, clock, limit },
    sinks: { facts, messages: sinks.messages },
  })
  const end = await runJourney(definition, state, listen(driver)).catch((error: unknown) => {
    if (error instanceof SimulationStop) return error
    throw error
  })
  const stop = end instanceof SimulationStop ? end : undefined
  return {
    state: end.state,
    reason: end.reason,
    finishedAtMs: clock.nowMs,
    problem: stop?.problem ?? null,
    vars: state.vars,
    goalReached: isGoalReached || (state.goalReached ?? null),
    cardId: state.cursor,
    beyondHorizon: stop?.beyondHorizon ?? false,
  }
}

export function firstState(definition: JourneyDefinition, options: SimulationOptions): JourneyState {
  return {
    cursor: definition.start,
    // Cards set whole variables and change none from within.
    vars: { ...options.vars },
    step: 0,
    visits: {},
    pace: { sinceMs: 0, steps: 0, entries: {} },
    epoch: 0,
    causeId: 'start',
    lastFactAtMs: 0,
    isAnswering: options.isAnswering ?? options.windowOpen ?? true,
  }
}
