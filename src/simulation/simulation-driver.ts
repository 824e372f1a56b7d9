import { evaluateCondition, eventOf } from '../model/conditions.ts'
import { AppError } from '../model/errors.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import type { JsonObject } from '../model/json.ts'
import { durationMs } from '../model/schedule.ts'
import { CardFailure } from '../../workflows/cards/card.ts'
import type { EffectCall, EffectName, Performed } from '../../workflows/cards/effects.ts'
import type { JourneyDriver, JourneyState, Resolution } from '../../workflows/cards/journey-state.ts'
import { createSimulatedArbiter } from './simulated-arbiter.ts'
import { createSimulatedEffects } from './simulated-effects.ts'
import { createSimulatedSends, toSimulatedReply } from './simulated-sends.ts'
import { createSimulatedWorld, windowMs, type SimulationClock } from './simulated-world.ts'
import { SimulationStop, type SimulationOptions, type SimulationSinks } from './simulation.ts'
import { createSimulationTimeline } from './simulation-timeline.ts'

interface Simulating {
  definition: JourneyDefinition
  options: SimulationOptions
  clock: SimulationClock
  sinks: SimulationSinks
  limit: { steps: number; untilMs: number }
}

type Note = (kind: string, data: JsonObject) => void

/** The effects of a journey in a simulated world. Acting takes no time; only waiting moves the clock. */
export function createSimulationDriver(simulating: Simulating): JourneyDriver {
  const { definition, options, clock, sinks, limit } = simulating
  const { facts } = sinks
  const note: Note = (kind, data) => void facts.push({ atMs: clock.nowMs, kind, data })
  const { world, timeline, effects, sends } = createStage(simulating, note)
  const resolutions = [...(options.resolutions ?? [])]
  const orders = [...(options.orders ?? [])]
  let ids = 0
  const newId = () => `simulated-${++ids}`

  return {
    contactId: world.contactId,
    now: () => clock.nowMs,
    newId,
    loadContact: async () => world.view(),
    deliver: async (request) => sends.deliver(request),
    sleepUntil: async (untilMs) => timeline.moveTo(untilMs),
    ...waitsOf({ timeline, sends }, note, newId),

    judge: async ({ conditions, vars, reply }) => {
      const scope = { ...scopeNow(world, clock), vars, event: eventOf(vars), reply: reply && { ...reply } }
      return conditions.findIndex((condition) => evaluateCondition(condition, scope))
    },
    async perform(name, call) {
      const answered = answerFor(options, call, note)
      try {
        return answered ?? (await effects[name](call))
      } catch (error) {
        // What an activity refuses is the card's failure.
        throw error instanceof AppError ? new CardFailure(error.code, error.message) : error
      }
    },
    async endConversation({ close, label }) {
      if (close) note('chat.closed', { outcome: label ?? 'closed by a journey' })
    },
    record: ({ atMs, kind, data }) => void facts.push({ atMs, kind, data }),

    async boundary({ step }) {
      if (step >= limit.steps) throw new SimulationStop('cut-off', `it went through ${step} cards`)
      if (clock.nowMs > limit.untilMs) throw new SimulationStop('cut-off', 'it lasts more than 100 years')
      return orders.shift()
    },
    async park(problem, state) {
      const resolution = resolutions.shift() ?? followRule(definition, state, timeline.moveTo, clock.nowMs)
      if (resolution) return resolution
      throw new SimulationStop('stuck', `${problem.code}: ${problem.reason}`, { ...problem })
    },
  }
}

/** All that a run meets, put together. */
function createStage({ definition, options, clock, sinks: { messages } }: Simulating, note: Note) {
  const world = createSimulatedWorld(options.contact, clock, {
    windowEndsAtMs: options.windowEndsAtMs ?? clock.nowMs + ((options.windowOpen ?? true) ? windowMs : 0),
    history: options.history,
    messageClass: definition.messageClass,
    types: options.attributeTypes,
    templates: options.templates,
  })
  const timeline = createSimulationTimeline({
    ...{ options, clock, note },
    happened: (event, attributes) => {
      world.happened(event, attributes)
      if (isGoal(definition, event, attributes, clock.nowMs - options.startAtMs))
        note('goal.reached', { event })
    },
    // The same scope as where a real event is handed to the runs that wait for it.
    holds: (condition, event) => evaluateCondition(condition, { ...scopeNow(world, clock), vars: {}, event }),
    hear: (text) => {
      world.hear(text)
      arbiter.hear()
    },
  })
  const arbiter = createSimulatedArbiter({
    ...{ clock, note, priority: definition.priority, contact: options.contact },
    ...{ settings: options.arbiter, traffic: options.traffic },
    categoryOf: world.categoryOf,
    moveTo: timeline.moveTo,
  })
  const effects = createSimulatedEffects(world, options, note)
  const sends = createSimulatedSends({ options, clock, messages, world, arbiter, note })
  return { world, timeline, effects, sends }
}

function waitsOf(
  { timeline, sends }: Pick<ReturnType<typeof createStage>, 'timeline' | 'sends'>,
  note: Note,
  newId: () => string,
): Pick<JourneyDriver, 'waitForReply' | 'waitForEvent'> {
  return {
    async waitForReply(askKey, untilMs) {
      const question = sends.question()
      const given = timeline.awaitReply(sends.askedAtMs(), untilMs, { askKey, question })
      if (!given) return undefined
      const reply = toSimulatedReply(given, newId(), question)
      const { text, choiceId } = reply
      note('message.received', { text, ...(choiceId !== undefined && { choice: choiceId }) })
      return reply
    },
    async waitForEvent(key, name, condition, untilMs) {
      const event = timeline.awaitEvent(name, condition, untilMs, key)
      return event && { attributes: event.attributes ?? {}, factId: newId() }
    },
  }
}

/** The same scope as where a real event is held against goals. */
function isGoal({ goal }: JourneyDefinition, name: string, event: JsonObject, sinceStartMs: number): boolean {
  if (goal?.event !== name || sinceStartMs > durationMs(goal.within)) return false
  return (
    !goal.condition ||
    evaluateCondition(goal.condition, { contact: {}, vars: {}, event, nowMs: sinceStartMs })
  )
}

function scopeNow(world: ReturnType<typeof createSimulatedWorld>, clock: SimulationClock) {
  return { contact: world.view(), nowMs: clock.nowMs, history: world.historyNow() }
}

/** As with real runs, what time cannot mend is left to people after this many tries. */
const maximumTries = 10

/** Nobody resolves it in time: the journey's own rule does. */
function followRule(
  { whenStuck }: JourneyDefinition,
  { within }: JourneyState,
  moveTo: (untilMs: number) => void,
  nowMs: number,
): Resolution | undefined {
  const tries = within?.tries ?? 0
  if (!whenStuck || tries >= maximumTries) return undefined
  if (within) within.tries = tries + 1
  moveTo(nowMs + durationMs(whenStuck.after))
  const { action } = whenStuck
  return action === 'exit' ? { action, reason: 'nobody resolved it in time' } : { action }
}

/** What the simulation was told that the outside says; undefined lets the effect's own simulation answer. */
function answerFor<K extends EffectName>(
  options: SimulationOptions,
  { cardId, key }: EffectCall<K>,
  note: Note,
): Performed<K> | undefined {
  const fault = options.fault?.(cardId, key)
  if (fault) {
    note('fault.injected', { card: cardId, code: fault.code })
    throw new CardFailure(fault.code, fault.reason)
  }
  const answer = options.answerEffect?.(cardId, key)
  if (answer && 'code' in answer) throw new CardFailure(answer.code, answer.reason)
  return answer && { output: answer.output as Performed<K>['output'] }
}
