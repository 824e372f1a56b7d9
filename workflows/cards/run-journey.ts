import type { JourneyCard, JourneyDefinition } from '../../src/model/journey-definition.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { CardFailure, failed, Interrupted, LeaveBy } from './card.ts'
import { contextOf } from './card-context.ts'
import { cards } from './index.ts'
import { countEntry, forgetEntries, whySpinning } from './loop-guard.ts'
import {
  remember,
  type JourneyDriver,
  type JourneyEnd,
  type JourneyState,
  type MigrateOrder,
  type Order,
  type Problem,
  type Resolution,
} from './journey-state.ts'

/** Walks a published journey from `state` to its end. Deterministic: every effect goes through the driver. */
export async function runJourney(
  published: JourneyDefinition,
  state: JourneyState,
  driver: JourneyDriver,
): Promise<JourneyEnd> {
  let definition = published
  while (state.cursor !== null) {
    const order = await driver.boundary(state)
    if (order) {
      if (order.action === 'exit') return exit(state, driver, order)
      definition = obey(order, definition, state, driver)
      continue
    }
    const step = await visitCard(definition, state, driver)
    if ('end' in step) return end(state, driver, 'exited', step.end)
    if ('order' in step) definition = obey(step.order, definition, state, driver)
    else if ('to' in step) state.cursor = step.to
  }
  return end(state, driver, 'completed', state.outcome ?? 'reached the end')
}

/** What became of a visit; `interrupted` means that it goes on after the next boundary. */
type Step = { to: string | null } | { end: string } | { order: MigrateOrder } | { interrupted: true }

async function visitCard(
  definition: JourneyDefinition,
  state: JourneyState,
  driver: JourneyDriver,
): Promise<Step> {
  const cardId = state.cursor ?? ''
  const node = definition.cards[cardId]
  if (!node) return { end: `card "${cardId}" does not exist in this version` }
  if (state.within?.cardId !== cardId) enter(state, driver, cardId, node)
  let move = await leaveCard(state, driver, cardId, node)
  while ('code' in move) {
    // Nothing is broken, and nobody could mend it: a journey has nothing to say to who does not want to hear it.
    if (move.code === 'opted_out') return { end: 'opted out' }
    const resolution = await park(state, driver, move)
    if (resolution.action === 'exit') return { end: resolution.reason ?? 'resolved by hand' }
    if (resolution.action === 'use-version') return { order: { ...resolution, action: 'migrate' } }
    move = await resolve(state, driver, cardId, node, resolution)
  }
  return move
}

/** Takes the run where an order sends it. Returns the definition that it follows from now on. */
function obey(
  order: Exclude<Order, { action: 'exit' }>,
  definition: JourneyDefinition,
  state: JourneyState,
  driver: JourneyDriver,
): JourneyDefinition {
  const from = state.cursor
  const to = order.action === 'repeat' ? from : order.action === 'goto' ? order.card : targetOf(order, from)
  const stays = order.action === 'migrate' && to === from && order.timing !== 'restart'
  remember(state, driver, 'run.ordered', {
    action: order.action,
    card: to,
    ...(order.action === 'migrate' && { version: order.version.number, ...giverOf(order) }),
  })
  if (stays && state.within) state.within.keepsDeadline = order.timing === 'keep-deadline'
  if (!stays) abandon(state, driver)
  state.cursor = to
  if (order.action !== 'migrate') return definition
  const node = to === null ? undefined : order.definition.cards[to]
  if (!stays && to !== null && node && order.enteredAtMs !== undefined)
    enter(state, driver, to, node, order.enteredAtMs)
  return order.definition
}

/** Leaves at an order's word; a migration's is in the trace by its own name. */
function exit(
  state: JourneyState,
  driver: JourneyDriver,
  order: Extract<Order, { action: 'exit' }>,
): JourneyEnd {
  if (order.migration !== undefined) {
    remember(state, driver, 'run.ordered', { action: 'exit', card: state.cursor, ...giverOf(order) })
  }
  return end(state, driver, 'exited', order.reason)
}

function giverOf({ by, migration }: Pick<MigrateOrder, 'by' | 'migration'>): JsonObject {
  return { ...(by !== undefined && { by }), ...(migration !== undefined && { migration }) }
}

function targetOf({ card }: MigrateOrder, from: string | null): string | null {
  return card === undefined ? from : card
}

/** The visit under way is over, by no outlet of its card. */
function abandon(state: JourneyState, driver: JourneyDriver): void {
  if (!state.within) return
  remember(state, driver, 'card.left', { card: state.within.cardId, outlet: 'moved' })
  delete state.within
}

type Move = { to: string | null } | Problem | { interrupted: true }

/** Runs one card and follows its outlet; a failure goes by `failed` when that is connected. */
async function leaveCard(
  state: JourneyState,
  driver: JourneyDriver,
  cardId: string,
  node: JourneyCard,
): Promise<Move> {
  const spinning = whySpinning(state, cardId)
  try {
    if (spinning !== undefined) throw new CardFailure('loop_guard', spinning)
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
    if (error instanceof Interrupted) return { interrupted: true }
    if (error instanceof LeaveBy) return follow(state, driver, cardId, node, error.outlet)
    if (!(error instanceof CardFailure)) throw error
    remember(state, driver, 'card.failed', { card: cardId, code: error.code, reason: error.message })
    // A loop of `failed` outlets would spin for ever.
    const isCaught = node.next[failed.id] && !(spinning !== undefined && state.pace)
    if (isCaught) return follow(state, driver, cardId, node, failed.id)
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
  delete state.within
  return { to: outlet.startsWith('card:') ? outlet.slice('card:'.length) : (node.next[outlet] ?? null) }
}

async function park(state: JourneyState, driver: JourneyDriver, problem: Problem): Promise<Resolution> {
  remember(state, driver, 'run.stuck', { card: problem.cardId, code: problem.code, reason: problem.reason })
  const resolution = await driver.park(problem, state)
  Object.assign(state.vars, resolution.vars)
  state.epoch += 1
  forgetEntries(state)
  remember(state, driver, 'run.resolved', traceOf(resolution))
  return resolution
}

/** A version is named, not repeated. */
function traceOf(resolution: Resolution): JsonObject {
  const shown =
    resolution.action === 'use-version'
      ? {
          action: resolution.action,
          version: resolution.version.number,
          card: resolution.card,
          by: resolution.by,
        }
      : resolution
  return JSON.parse(JSON.stringify(shown)) as JsonObject
}

async function resolve(
  state: JourneyState,
  driver: JourneyDriver,
  cardId: string,
  node: JourneyCard,
  resolution: Exclude<Resolution, { action: 'exit' | 'use-version' }>,
): Promise<Move> {
  if (resolution.action === 'retry') return leaveCard(state, driver, cardId, node)
  if (resolution.action === 'goto') {
    abandon(state, driver)
    return { to: resolution.card }
  }
  const outlets = cards[node.type]?.outlets(node.settings) ?? []
  return follow(state, driver, cardId, node, resolution.outlet ?? outlets[0]?.id ?? 'next')
}

function enter(
  state: JourneyState,
  driver: JourneyDriver,
  cardId: string,
  node: JourneyCard,
  enteredAtMs = driver.now(),
): void {
  state.step += 1
  state.visits[cardId] = (state.visits[cardId] ?? 0) + 1
  countEntry(state, cardId, driver.now())
  state.within = { cardId, enteredAtMs, journal: [] }
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
  delete state.within
  return { state: outcome, reason }
}
