import type { ConditionHistory } from '../model/condition-history.ts'
import type { JsonObject } from '../model/json.ts'
import type { SimulationClock } from './simulated-world.ts'

const nothing: ConditionHistory = {
  events: [],
  segmentIds: new Set(),
  runs: [],
  campaignMessages: [],
  windows: [],
  consents: [],
  optedOut: false,
  lastSeenAtMs: undefined,
}

/** What lies behind a contact, with what the simulation adds to it. */
export function createSimulatedHistory(given: ConditionHistory | undefined, clock: SimulationClock) {
  let history = given ?? nothing
  return {
    now: (windowEndsAtMs: number): ConditionHistory => {
      const [first] = history.windows
      const [numberId = first?.numberId ?? ''] = []
      return { ...history, windows: [{ numberId, endsAtMs: windowEndsAtMs }, ...history.windows.slice(1)] }
    },
    hear(): void {
      history = { ...history, lastSeenAtMs: clock.nowMs }
    },
    happened(type: string, attributes: JsonObject): void {
      history = { ...history, events: [...history.events, { type, atMs: clock.nowMs, attributes }] }
    },
    changeSegments({ add, remove }: { add: string[]; remove: string[] }): void {
      const kept = [...history.segmentIds].filter((id) => !remove.includes(id))
      history = { ...history, segmentIds: new Set([...kept, ...add]) }
    },
  }
}
