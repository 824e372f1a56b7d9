import type { Condition } from '../../src/model/conditions.ts'
import type { JourneyCard, JourneyDefinition } from '../../src/model/journey-definition.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { MessageContent } from '../../src/model/message.ts'
import type { Reply } from '../../src/model/reply.ts'
import { CardFailure, failed, type CardContext, type ContactView } from './card.ts'
import { cards } from './index.ts'

/** All there is of a run between two cards; continue-as-new and restarts carry it. */
export interface JourneyState {
  cursor: string | null
  vars: JsonObject
  step: number
  /** Times each card was entered: part of a send's key, and the guard against endless loops. */
  visits: Record<string, number>
  /** Raised by every deliberate retry: what failed under an older epoch may be tried again. */
  epoch: number
  causeId: string
  /** Time of the last fact: those of one instant stay in order by a millisecond each. */
  lastFactAtMs: number
  lastReply?: Reply
  goalReached?: boolean
  outcome?: string
}

/** One entry of a run's trace. Stored as it is; `causeId` leads back to the customer's message or event. */
export interface JourneyFact {
  id: string
  atMs: number
  kind:
    | 'card.entered'
    | 'card.left'
    | 'card.failed'
    | 'run.stuck'
    | 'run.resolved'
    | 'run.ended'
    | 'event.taken'
  causeId: string
  data: JsonObject
}

export interface SendRequest {
  /** Unique within the lineage: card, visit, n-th send of the visit. */
  key: string
  content: MessageContent
  vars: JsonObject
  ask: boolean
  epoch: number
  causeId: string
  cardId: string
}
export type Delivery = { state: 'accepted' | 'unknown' } | { state: 'refused'; code: string; reason: string }

export interface Problem {
  cardId: string
  code: string
  reason: string
}
/** What an engineer decides about a stuck run. */
export type Resolution = { vars?: JsonObject | undefined } & (
  | { action: 'retry' }
  | { action: 'skip'; outlet?: string | undefined }
  | { action: 'goto'; card: string }
  | { action: 'exit'; reason?: string | undefined }
)

/** The effects, supplied by the Temporal workflow or by the simulator. */
export interface JourneyDriver {
  readonly contactId: string
  now(): number
  newId(): string
  loadContact(): Promise<ContactView>
  deliver(request: SendRequest): Promise<Delivery>
  waitForReply(askKey: string, untilMs: number): Promise<Reply | undefined>
  waitForEvent(
    key: string,
    event: string,
    condition: Condition | undefined,
    untilMs: number,
  ): Promise<{ attributes: JsonObject; factId: string } | undefined>
  sleepUntil(untilMs: number): Promise<void>
  setAttributes(attributes: JsonObject, causeId: string): Promise<void>
  endConversation(input: Parameters<CardContext['endConversation']>[0], causeId: string): Promise<void>
  record(fact: JourneyFact): void
  /** Called between cards: the place of pauses, holds and continue-as-new. */
  boundary(state: JourneyState): Promise<void>
  /** A card failed and nothing catches it: wait until somebody says what to do. */
  park(problem: Problem): Promise<Resolution>
}

export interface JourneyEnd {
  state: 'completed' | 'exited'
  reason: string
}

/** A loop that never waits would fill the history; one that waits this often has gone wrong too. */
const maximumVisits = 200

/** Walks a published journey from `state` to its end. Deterministic: every effect goes through the driver. */
export async function runJourney(
  definition: JourneyDefinition,
  state: JourneyState,
  driver: JourneyDriver,
): Promise<JourneyEnd> {
  while (state.cursor !== null) {
    await driver.boundary(state)
    const cardId = state.cursor
    const node = definition.cards[cardId]
    if (!node) return end(state, driver, 'exited', `card "${cardId}" does not exist in this version`)
    enter(state, driver, cardId, node)
    let move = await leaveCard(state, driver, cardId, node)
    while ('code' in move) {
      // Nothing is broken, and nobody could mend it: a journey has nothing to say to who does not want to hear it.
      if (move.code === 'opted_out') return end(state, driver, 'exited', 'opted out')
      const resolution = await park(state, driver, move)
      if (resolution.action === 'exit')
        return end(state, driver, 'exited', resolution.reason ?? 'resolved by hand')
      move = await resolve(state, driver, cardId, node, resolution)
    }
    state.cursor = move.to
  }
  return end(state, driver, 'completed', state.outcome ?? 'reached the end')
}

type Move = { to: string | null } | Problem

/** Runs one card and follows its outlet; a failure goes by `failed` when that is connected. */
async function leaveCard(
  state: JourneyState,
  driver: JourneyDriver,
  cardId: string,
  node: JourneyCard,
): Promise<Move> {
  try {
    if ((state.visits[cardId] ?? 0) > maximumVisits) {
      throw new CardFailure('loop_guard', `entered more than ${maximumVisits} times`)
    }
    const card = cards[node.type]
    if (!card) throw new CardFailure('invalid_journey', `there is no card of type "${node.type}"`)
    return follow(
      state,
      driver,
      cardId,
      node,
      await card.run(contextOf(state, driver, cardId), node.settings),
    )
  } catch (error) {
    if (!(error instanceof CardFailure)) throw error
    remember(state, driver, 'card.failed', { card: cardId, code: error.code, reason: error.message })
    if (node.next[failed.id]) return follow(state, driver, cardId, node, failed.id)
    return { cardId, code: error.code, reason: error.message }
  }
}

/** `card:<id>` is a jump that needs no connection; every other outlet leads where the canvas says. */
function follow(
  state: JourneyState,
  driver: JourneyDriver,
  cardId: string,
  node: JourneyCard,
  outlet: string,
): Move {
  remember(state, driver, 'card.left', { card: cardId, outlet })
  return { to: outlet.startsWith('card:') ? outlet.slice('card:'.length) : (node.next[outlet] ?? null) }
}

async function park(state: JourneyState, driver: JourneyDriver, problem: Problem): Promise<Resolution> {
  remember(state, driver, 'run.stuck', { card: problem.cardId, code: problem.code, reason: problem.reason })
  const resolution = await driver.park(problem)
  Object.assign(state.vars, resolution.vars)
  state.epoch += 1
  remember(state, driver, 'run.resolved', JSON.parse(JSON.stringify(resolution)) as JsonObject)
  return resolution
}

async function resolve(
  state: JourneyState,
  driver: JourneyDriver,
  cardId: string,
  node: JourneyCard,
  resolution: Exclude<Resolution, { action: 'exit' }>,
): Promise<Move> {
  if (resolution.action === 'goto') return { to: resolution.card }
  if (resolution.action === 'retry') return leaveCard(state, driver, cardId, node)
  const outlets = cards[node.type]?.outlets(node.settings) ?? []
  return follow(state, driver, cardId, node, resolution.outlet ?? outlets[0]?.id ?? 'next')
}

function enter(state: JourneyState, driver: JourneyDriver, cardId: string, node: JourneyCard): void {
  state.step += 1
  state.visits[cardId] = (state.visits[cardId] ?? 0) + 1
  remember(state, driver, 'card.entered', {
    card: cardId,
    type: node.type,
    step: state.step,
    ...(node.title && { title: node.title }),
  })
}

function end(
  state: JourneyState,
  driver: JourneyDriver,
  outcome: JourneyEnd['state'],
  reason: string,
): JourneyEnd {
  state.cursor = null
  remember(state, driver, 'run.ended', { state: outcome, reason })
  return { state: outcome, reason }
}

function remember(
  state: JourneyState,
  driver: JourneyDriver,
  kind: JourneyFact['kind'],
  data: JsonObject,
): void {
  const id = driver.newId()
  state.lastFactAtMs = Math.max(driver.now(), state.lastFactAtMs + 1)
  driver.record({ id, atMs: state.lastFactAtMs, kind, causeId: state.causeId, data })
  state.causeId = id
}

/** What one card sees, during one visit. */
function contextOf(state: JourneyState, driver: JourneyDriver, cardId: string): CardContext {
  const visit = state.visits[cardId] ?? 0
  let sends = 0
  let askKey = ''
  let waits = 0
  return {
    contactId: driver.contactId,
    cardId,
    vars: state.vars,
    get lastReply() {
      return state.lastReply
    },
    now: () => driver.now(),
    loadContact: () => driver.loadContact(),
    sleepUntil: (untilMs) => driver.sleepUntil(untilMs),
    set: (name, value) => {
      state.vars[name] = value
    },
    setAttributes: (attributes) => driver.setAttributes(attributes, state.causeId),
    async endConversation(input) {
      if (input.goalReached !== undefined) state.goalReached = input.goalReached
      if (input.label !== undefined) state.outcome = input.label
      await driver.endConversation(input, state.causeId)
    },
    async send(content, { ask = false } = {}) {
      const key = `${cardId}:${visit}:${sends++}`
      if (ask) askKey = key
      const { vars, epoch, causeId } = state
      const delivery = await driver.deliver({ key, content, vars, ask, epoch, causeId, cardId })
      if (delivery.state === 'refused') throw new CardFailure(delivery.code, delivery.reason)
    },
    async waitForReply(untilMs) {
      const reply = await driver.waitForReply(askKey, untilMs)
      if (!reply) return undefined
      state.lastReply = reply
      state.causeId = reply.factId
      return reply
    },
    async waitForEvent(event, condition, untilMs) {
      const taken = await driver.waitForEvent(`${cardId}:${visit}:e${waits++}`, event, condition, untilMs)
      if (!taken) return undefined
      state.causeId = taken.factId
      remember(state, driver, 'event.taken', { event })
      return taken.attributes
    },
  }
}
