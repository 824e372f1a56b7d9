import { listChoices } from '../model/block.ts'
import { describeContent, type MessageClass, type MessageContent } from '../model/message.ts'
import type { Reply } from '../model/reply.ts'
import type { JourneyDriver, SendRequest } from '../../workflows/cards/journey-state.ts'
import { evaluateCondition } from '../model/conditions.ts'
import { createSimulatedEffects } from './simulated-effects.ts'
import { createSimulatedWorld, type SimulationClock } from './simulated-world.ts'
import {
  SimulationStop,
  type ScriptedReply,
  type SimulatedFact,
  type SimulatedMessage,
  type SimulationOptions,
} from './simulation.ts'
import { createSimulationTimeline } from './simulation-timeline.ts'

interface Simulating {
  options: SimulationOptions
  messageClass: MessageClass
  clock: SimulationClock
  trace: SimulatedFact[]
  messages: SimulatedMessage[]
  limit: { steps: number; untilMs: number }
}

/** The effects of a journey in a simulated world. Acting takes no time; only waiting moves the clock. */
export function createSimulationDriver(simulating: Simulating): JourneyDriver {
  const { options, clock, trace, limit } = simulating
  const world = createSimulatedWorld(options.contact, clock, {
    windowOpen: options.windowOpen ?? true,
    messageClass: simulating.messageClass,
    types: options.attributeTypes,
  })
  const note: Note = (kind, data) => void trace.push({ atMs: clock.nowMs, kind, data })
  const timeline = createSimulationTimeline({ options, clock, note, hear: () => world.hear() })
  const effects = createSimulatedEffects(world, note)
  const sends = createSimulatedSends(simulating, world, note)
  const resolutions = [...(options.resolutions ?? [])]
  let ids = 0
  const newId = () => `simulated-${++ids}`

  return {
    contactId: world.contactId,
    now: () => clock.nowMs,
    newId,
    loadContact: async () => world.view(),
    deliver: async (request) => sends.deliver(request),
    sleepUntil: async (untilMs) => timeline.moveTo(untilMs),

    async waitForReply(_askKey, untilMs) {
      const given = timeline.awaitReply(sends.askedAtMs(), untilMs)
      if (!given) return undefined
      const reply = toSimulatedReply(given, newId(), sends.question())
      const { text, choiceId } = reply
      note('message.received', { text, ...(choiceId !== undefined && { choice: choiceId }) })
      return reply
    },
    async waitForEvent(_key, name, condition, untilMs) {
      const event = timeline.awaitEvent(name, condition, untilMs)
      return event && { attributes: event.attributes ?? {}, factId: newId() }
    },
    judge: async ({ conditions, vars, reply }) => {
      const scope = { contact: world.view(), vars, reply: reply && { ...reply }, nowMs: clock.nowMs }
      return conditions.findIndex((condition) => evaluateCondition(condition, scope))
    },
    perform: async (name, call) => effects[name](call),
    async endConversation({ close, label }) {
      if (close) note('chat.closed', { outcome: label ?? 'closed by a journey' })
    },
    record: ({ atMs, kind, data }) => void trace.push({ atMs, kind, data }),

    async boundary({ step }) {
      if (step >= limit.steps) throw new SimulationStop('cut-off', `it went through ${step} cards`)
      if (clock.nowMs > limit.untilMs) throw new SimulationStop('cut-off', 'it lasts more than 100 years')
      return undefined
    },
    async park(problem) {
      const resolution = resolutions.shift()
      if (resolution) return resolution
      throw new SimulationStop('stuck', `${problem.code}: ${problem.reason}`, { ...problem })
    },
  }
}

type Note = (kind: string, data: SimulatedFact['data']) => void

/** What the journey sent, and which question is open. */
function createSimulatedSends(
  { clock, messages }: Simulating,
  world: ReturnType<typeof createSimulatedWorld>,
  note: Note,
) {
  let question: MessageContent | undefined
  let askedAtMs = clock.nowMs
  return {
    question: () => question,
    askedAtMs: () => askedAtMs,
    deliver(request: SendRequest) {
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
    },
  }
}

/** What WhatsApp would have sent: a tap brings the title of its button. */
function toSimulatedReply(given: ScriptedReply, id: string, question: MessageContent | undefined): Reply {
  const { buttonId, location, answers } = given
  const title = buttonId === undefined ? undefined : titleOf(question, buttonId)
  const type = buttonId !== undefined || answers ? 'interactive' : location ? 'location' : 'text'
  return {
    messageId: id,
    factId: id,
    type,
    text: given.text ?? title ?? '',
    ...(buttonId !== undefined && { choiceId: buttonId }),
    ...(location && { location }),
    ...(answers && { answers }),
  }
}

function titleOf(question: MessageContent | undefined, choiceId: string): string | undefined {
  if (question?.type !== 'interactive') return undefined
  return listChoices(question.interactive).find(({ id }) => id === choiceId)?.title
}
