import type { Json, JsonObject } from '../model/json.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import { CardFailure } from '../../workflows/cards/card.ts'
import type { JourneyDriver, JourneyState } from '../../workflows/cards/journey-state.ts'
import type { RehearsalEnd, RehearsedFact, RehearsedStep } from '../../workflows/contract.ts'
import { firstState, simulateRun } from './simulate.ts'
import { SimulationStop, type SimulationOptions } from './simulation.ts'

/** One operation that the interpreter asked for, and what came of it. */
export type TapeEntry = { op: string; request: JsonObject } & Exclude<RehearsedStep, { diverged: string }>

/** All that a run asked of the world and was told: enough to walk it again where there is no such world. */
export interface Tape {
  state: JourneyState
  entries: TapeEntry[]
  facts: RehearsedFact[]
  end: RehearsalEnd
}

/** Simulates a run and writes down each of its operations. */
export async function recordTape(definition: JourneyDefinition, options: SimulationOptions): Promise<Tape> {
  const entries: TapeEntry[] = []
  const facts: RehearsedFact[] = []
  const nowhere = { push: () => undefined }
  const { state, reason, vars } = await simulateRun(
    definition,
    options,
    { facts: nowhere, messages: nowhere },
    (driver) => recording(driver, entries, facts),
  )
  return {
    state: plain(firstState(definition, options)) as unknown as JourneyState,
    ...{ entries, facts, end: plain({ state, reason, vars }) as unknown as RehearsalEnd },
  }
}

function recording(driver: JourneyDriver, entries: TapeEntry[], facts: RehearsedFact[]): JourneyDriver {
  async function take<T>(op: string, given: object, run: () => Promise<T>): Promise<T> {
    // Now: what it is made of changes as the run goes on.
    const request = plain(given)
    try {
      const value = await run()
      entries.push({ op, request, nowMs: driver.now(), value: plainOf(value) })
      return value
    } catch (error) {
      const nowMs = driver.now()
      if (error instanceof CardFailure)
        entries.push({ op, request, nowMs, failure: { code: error.code, reason: error.message } })
      if (error instanceof SimulationStop)
        entries.push({ op, request, nowMs, stop: { state: error.state, reason: error.reason } })
      throw error
    }
  }
  return {
    contactId: driver.contactId,
    now: () => driver.now(),
    newId: () => driver.newId(),
    boundary: (state) => driver.boundary(state),
    record(fact) {
      const { atMs, kind, data } = fact
      facts.push({ atMs, kind, data: plain(data) })
      driver.record(fact)
    },
    loadContact: () => take('loadContact', {}, () => driver.loadContact()),
    judge: (asked) => take('judge', asked, () => driver.judge(asked)),
    deliver(request) {
      const { causeId: _, ...shown } = request
      return take('deliver', shown, () => driver.deliver(request))
    },
    perform(name, call) {
      const { causeId: _, ...shown } = call
      return take(`perform ${name}`, shown, () => driver.perform(name, call))
    },
    endConversation: (input, causeId) =>
      take('endConversation', input, () => driver.endConversation(input, causeId)),
    park: (problem, state) => take('park', problem, () => driver.park(problem, state)),
    sleepUntil: (untilMs) => take('sleepUntil', { untilMs }, () => driver.sleepUntil(untilMs)),
    waitForReply: (askKey, untilMs) =>
      take('waitForReply', { askKey, untilMs }, () => driver.waitForReply(askKey, untilMs)),
    waitForEvent: (key, event, condition, untilMs) =>
      take('waitForEvent', { key, event, condition, untilMs }, () =>
        driver.waitForEvent(key, event, condition, untilMs),
      ),
  }
}

function plain(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject
}

function plainOf(value: unknown): Json {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json)
}
