import { evaluateCondition, type Condition } from '../model/conditions.ts'
import type { JsonObject } from '../model/json.ts'
import { describeContent, type MessageContent } from '../model/message.ts'
import type { Reply } from '../model/reply.ts'
import type { JourneyDriver, SendRequest } from '../../workflows/cards/run-journey.ts'
import { createScript } from './simulation-script.ts'
import { createSimulatedWorld, type SimulationClock } from './simulated-world.ts'
import {
  SimulationStop,
  type ScriptedEvent,
  type ScriptedReply,
  type SimulatedFact,
  type SimulatedMessage,
  type SimulationOptions,
} from './simulation.ts'

interface Simulating {
  options: SimulationOptions
  clock: SimulationClock
  trace: SimulatedFact[]
  messages: SimulatedMessage[]
  limit: { steps: number; untilMs: number }
}

/** The effects of a journey in a simulated world. Acting takes no time; only waiting moves the clock. */
export function createSimulationDriver({
  options,
  clock,
  trace,
  messages,
  limit,
}: Simulating): JourneyDriver {
  const world = createSimulatedWorld(options.contact, clock, options.windowOpen ?? true)
  const replies = createScript<ScriptedReply>(options.replies ?? [], options.startAtMs)
  const events = createScript<ScriptedEvent>(options.events ?? [], options.startAtMs)
  const resolutions = [...(options.resolutions ?? [])]
  let ids = 0
  let question: MessageContent | undefined
  let askedAtMs = clock.nowMs

  const newId = () => `simulated-${++ids}`
  const note = (kind: string, data: JsonObject) => void trace.push({ atMs: clock.nowMs, kind, data })

  /** Time passes; replies that nobody awaits still open the window, events that nobody awaits are only noted. */
  function moveTo(untilMs: number): void {
    for (;;) {
      const reply = replies.peekFixed(untilMs)
      const event = events.peekFixed(untilMs)
      if (!reply && !event) break
      if (reply && (!event || reply.atMs <= event.atMs)) {
        clock.nowMs = Math.max(clock.nowMs, reply.atMs)
        replies.take(reply)
        world.hear()
        note('message.unawaited', { text: reply.item.text ?? reply.item.buttonId ?? '' })
      } else if (event) {
        clock.nowMs = Math.max(clock.nowMs, event.atMs)
        events.take(event)
        note('event.unawaited', { event: event.item.name })
      }
    }
    clock.nowMs = Math.max(clock.nowMs, untilMs)
  }

  function deliver(request: SendRequest) {
    const { sent, refusal, isNew } = world.send(request)
    const { cardId } = request
    if (isNew && refusal) note('message.skipped', { card: cardId, ...refusal })
    if (sent) {
      const text = describeContent(sent)
      messages.push({ atMs: clock.nowMs, cardId, content: sent, text })
      note('message.planned', { card: cardId, text })
    }
    if (!refusal && request.ask) {
      question = sent ?? question
      askedAtMs = clock.nowMs
    }
    return refusal ? { state: 'refused' as const, ...refusal } : { state: 'accepted' as const }
  }

  return {
    contactId: world.contactId,
    now: () => clock.nowMs,
    newId,
    loadContact: async () => world.view(),
    deliver: async (request) => deliver(request),

    async waitForReply(_askKey, untilMs) {
      const next = replies.next(askedAtMs, () => true)
      if (!next || next.atMs >= untilMs) return void moveTo(untilMs)
      moveTo(next.atMs - 1)
      clock.nowMs = Math.max(clock.nowMs, next.atMs)
      replies.take(next)
      world.hear()
      const reply = toSimulatedReply(next.item, newId(), question)
      note('message.received', {
        text: reply.text,
        ...(reply.choiceId !== undefined && { choice: reply.choiceId }),
      })
      return reply
    },

    async waitForEvent(_key, name, condition, untilMs) {
      for (;;) {
        const next = events.next(clock.nowMs, (event) => event.name === name)
        if (!next || next.atMs >= untilMs) return void moveTo(untilMs)
        moveTo(next.atMs - 1)
        clock.nowMs = Math.max(clock.nowMs, next.atMs)
        events.take(next)
        const attributes = next.item.attributes ?? {}
        if (holds(condition, attributes, clock.nowMs)) return { attributes, factId: newId() }
        note('event.unawaited', { event: name })
      }
    },

    sleepUntil: async (untilMs) => moveTo(untilMs),
    async setAttributes(attributes) {
      world.set(attributes)
      note('attributes.set', { names: Object.keys(attributes) })
    },
    async endConversation({ close, label }) {
      if (close) note('chat.closed', { outcome: label ?? 'closed by a journey' })
    },
    record: ({ atMs, kind, data }) => void trace.push({ atMs, kind, data }),

    async boundary({ step }) {
      if (step >= limit.steps) throw new SimulationStop('cut-off', `it went through ${step} cards`)
      if (clock.nowMs > limit.untilMs) throw new SimulationStop('cut-off', 'it lasts more than 100 years')
    },

    async park(problem) {
      const resolution = resolutions.shift()
      if (!resolution) throw new SimulationStop('stuck', `${problem.code}: ${problem.reason}`, { ...problem })
      return resolution
    },
  }
}

/** The same scope as where a real event is handed to the runs that wait for it. */
function holds(condition: Condition | undefined, event: JsonObject, nowMs: number): boolean {
  return !condition || evaluateCondition(condition, { contact: {}, vars: {}, event, nowMs })
}

/** What WhatsApp would have sent: a tap brings the title of its button. */
function toSimulatedReply(given: ScriptedReply, id: string, question: MessageContent | undefined): Reply {
  const { buttonId, location } = given
  const title = buttonId === undefined ? undefined : titleOf(question, buttonId)
  const type = buttonId !== undefined ? 'interactive' : location ? 'location' : 'text'
  return {
    messageId: id,
    factId: id,
    type,
    text: given.text ?? title ?? '',
    ...(buttonId !== undefined && { choiceId: buttonId }),
    ...(location && { location }),
  }
}

function titleOf(question: MessageContent | undefined, buttonId: string): string | undefined {
  if (question?.type !== 'interactive' || question.interactive.type !== 'button') return undefined
  return question.interactive.action.buttons.find(({ reply }) => reply.id === buttonId)?.reply.title
}
