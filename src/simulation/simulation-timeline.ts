import { evaluateCondition, type Condition } from '../model/conditions.ts'
import type { JsonObject } from '../model/json.ts'
import type { SimulationClock } from './simulated-world.ts'
import type { ScriptedEvent, ScriptedReply, SimulationOptions } from './simulation.ts'
import { createScript } from './simulation-script.ts'

interface Timeline {
  options: Pick<SimulationOptions, 'replies' | 'events' | 'startAtMs'>
  clock: SimulationClock
  note(kind: string, data: JsonObject): void
  /** The contact has written. */
  hear(): void
}

/** Time and what is scripted to happen in it. */
export function createSimulationTimeline({ options, clock, note, hear }: Timeline) {
  const replies = createScript<ScriptedReply>(options.replies ?? [], options.startAtMs)
  const events = createScript<ScriptedEvent>(options.events ?? [], options.startAtMs)
  const forward = (atMs: number) => {
    clock.nowMs = Math.max(clock.nowMs, atMs)
  }

  /** Time passes; replies that nobody awaits still open the window, events that nobody awaits are only noted. */
  function moveTo(untilMs: number): void {
    for (;;) {
      const reply = replies.peekFixed(untilMs)
      const event = events.peekFixed(untilMs)
      if (!reply && !event) break
      if (reply && (!event || reply.atMs <= event.atMs)) {
        forward(reply.atMs)
        replies.take(reply)
        hear()
        note('message.unawaited', { text: reply.item.text ?? reply.item.buttonId ?? '' })
      } else if (event) {
        forward(event.atMs)
        events.take(event)
        note('event.unawaited', { event: event.item.name })
      }
    }
    forward(untilMs)
  }

  return {
    moveTo,
    /** The next reply, unless the instant passes first. */
    awaitReply(askedAtMs: number, untilMs: number): ScriptedReply | undefined {
      const next = replies.next(askedAtMs, () => true)
      if (!next || next.atMs >= untilMs) {
        moveTo(untilMs)
        return undefined
      }
      moveTo(next.atMs - 1)
      forward(next.atMs)
      replies.take(next)
      hear()
      return next.item
    },
    /** The next event of this name that fits, unless the instant passes first. */
    awaitEvent(name: string, condition: Condition | undefined, untilMs: number): ScriptedEvent | undefined {
      for (;;) {
        const next = events.next(clock.nowMs, (event) => event.name === name)
        if (!next || next.atMs >= untilMs) {
          moveTo(untilMs)
          return undefined
        }
        moveTo(next.atMs - 1)
        forward(next.atMs)
        events.take(next)
        if (holds(condition, next.item.attributes ?? {}, clock.nowMs)) return next.item
        note('event.unawaited', { event: name })
      }
    },
  }
}

/** The same scope as where a real event is handed to the runs that wait for it. */
function holds(condition: Condition | undefined, event: JsonObject, nowMs: number): boolean {
  return !condition || evaluateCondition(condition, { contact: {}, vars: {}, event, nowMs })
}
