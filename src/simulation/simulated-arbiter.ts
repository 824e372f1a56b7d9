import { findContactZone } from '../arbiter/contact-zone.ts'
import { judgeSend, type ContactTraffic } from '../model/arbiter.ts'
import type { ArbiterCategory, ArbiterSettings } from '../model/arbiter-settings.ts'
import type { JsonObject } from '../model/json.ts'
import type { MessageContent } from '../model/message.ts'
import { durationMs } from '../model/schedule.ts'
import type { SendRequest } from '../../workflows/cards/journey-state.ts'
import type { SimulatedContact, SimulationClock } from './simulated-world.ts'

interface Arbitration {
  settings: ArbiterSettings | null | undefined
  /** Before the simulation. */
  traffic: ContactTraffic | undefined
  contact: SimulatedContact
  priority: number
  clock: SimulationClock
  categoryOf(content: MessageContent): ArbiterCategory
  moveTo(untilMs: number): void
  note(kind: string, data: JsonObject): void
}
export interface SimulatedArbiter {
  /** Time passes until the message may go out; a refusal when that is too late. */
  ask(request: SendRequest): { code: string; reason: string } | undefined
  tookPlace(request: SendRequest): void
  hear(): void
}

/** The contact arbiter over what this one run sends: what others send to the same contact is not foreseen. */
export function createSimulatedArbiter(arbitration: Arbitration): SimulatedArbiter {
  const { settings, clock, note, categoryOf } = arbitration
  const { sent = [], lastReplyMs, waiting = [] } = arbitration.traffic ?? {}
  const traffic: ContactTraffic = { sent: [...sent], lastReplyMs, waiting }
  let timeZone: string | undefined

  function zone(): string {
    const { time_zone, wa_id } = arbitration.contact
    const home = settings?.timeZone ?? null
    return (timeZone ??= findContactZone({ timeZone: time_zone, waId: wa_id }, home, clock.nowMs).timeZone)
  }

  return {
    ask({ cardId, content, proactive }) {
      if (!settings || !proactive) return undefined
      const { priority } = arbitration
      const expiresAtMs = clock.nowMs + durationMs(settings.expireAfter)
      for (;;) {
        const question = {
          category: categoryOf(content),
          priority,
          nowMs: clock.nowMs,
          expiresAtMs,
          timeZone: zone(),
        }
        const verdict = judgeSend(settings, question, traffic)
        if (verdict.verdict === 'grant') return undefined
        const { code, reason } = verdict
        if (verdict.verdict === 'deny') return { code, reason }
        const until = new Date(verdict.untilMs).toISOString()
        note('message.deferred', { card: cardId, code, reason, until })
        arbitration.moveTo(verdict.untilMs)
      }
    },
    tookPlace({ content }) {
      if (settings) traffic.sent.push({ category: categoryOf(content), atMs: clock.nowMs })
    },
    hear() {
      traffic.lastReplyMs = clock.nowMs
    },
  }
}
