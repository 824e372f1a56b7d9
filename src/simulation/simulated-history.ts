import type { ConditionHistory, PastEvent } from '../model/condition-history.ts'
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

/**
 * What lies behind a contact, with what the simulation adds to it. What is sent is delivered at once; who answers has read
 * it.
 */
export function createSimulatedHistory(given: ConditionHistory | undefined, clock: SimulationClock) {
  const before = given ?? nothing
  const added: PastEvent[] = []
  let { segmentIds, lastSeenAtMs, lastMessage } = before
  const happened = (type: string, attributes: JsonObject) =>
    void added.push({ type, atMs: clock.nowMs, attributes })
  return {
    consents: before.consents,
    happened,
    now: (windowEndsAtMs: number): ConditionHistory => {
      const [first] = before.windows
      const numberId = first?.numberId ?? ''
      return {
        ...{ ...before, segmentIds, lastSeenAtMs, lastMessage },
        events: [...before.events, ...added],
        windows: [{ numberId, endsAtMs: windowEndsAtMs }, ...before.windows.slice(1)],
      }
    },
    hear(text: string): void {
      lastSeenAtMs = clock.nowMs
      happened('message_received', { type: 'text', text })
      if (!lastMessage) return
      if (!lastMessage.includes('read')) happened('message_read', {})
      lastMessage = ['sent', 'delivered', 'read', 'replied']
    },
    sent(): void {
      lastMessage = ['sent', 'delivered']
      happened('message_sent', {})
      happened('message_delivered', {})
    },
    changeSegments({ add, remove }: { add: string[]; remove: string[] }): void {
      const kept = [...segmentIds].filter((id) => !remove.includes(id))
      segmentIds = new Set([...kept, ...add])
    },
  }
}
