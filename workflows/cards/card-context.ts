import { needsHistory } from '../../src/model/condition-problems.ts'
import { evaluateCondition, eventOf, type Condition } from '../../src/model/conditions.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { varsProblem } from '../../src/model/run-vars.ts'
import { CardFailure, type CardContext } from './card.ts'
import { worksWithoutContact } from './effects.ts'
import { remember, type JourneyDriver, type JourneyState, type Visit } from './journey-state.ts'

/** A visit of a card, as its operations see it. */
interface Visiting {
  state: JourneyState
  driver: JourneyDriver
  cardId: string
  /** Begins the keys of what the visit does. */
  key: string
  within: Visit
  once: ReturnType<typeof journalOf>
}

/** What one card sees, during one visit. Run again after an interruption, it finds in the journal what was done. */
export function contextOf(state: JourneyState, driver: JourneyDriver, cardId: string): CardContext {
  const visit = state.visits[cardId] ?? 0
  const within = (state.within ??= { cardId, enteredAtMs: driver.now(), journal: [] })
  const visiting = { state, driver, cardId, key: `${cardId}:${visit}`, within, once: journalOf(within) }
  return {
    contactId: driver.contactId,
    cardId,
    visit,
    vars: state.vars,
    enteredAtMs: within.enteredAtMs,
    get lastReply() {
      return state.lastReply
    },
    get isAnswering() {
      return state.isAnswering ?? false
    },
    now: () => driver.now(),
    async loadContact() {
      demandContact(driver)
      return driver.loadContact()
    },
    judge: (conditions) => visiting.once('judge', () => judge(state, driver, conditions)),
    set: (name, value) => {
      const vars: JsonObject = { ...state.vars, [name]: value }
      const problem = varsProblem(vars)
      if (problem !== undefined) throw new CardFailure('too_large', problem)
      state.vars[name] = value
    },
    async endConversation(input) {
      demandContact(driver)
      if (input.goalReached !== undefined) state.goalReached = input.goalReached
      if (input.label !== undefined) state.outcome = input.label
      await driver.endConversation(input, state.causeId)
    },
    ...doingsOf(visiting),
    ...waitsOf(visiting),
  }
}

/** An answer belongs to the question that was asked last. */
function doingsOf({ state, driver, cardId, key, once, within }: Visiting) {
  let sends = 0
  let performances = 0
  let askKey = ''
  return {
    send(content, { ask = false, waitMs } = {}) {
      const sendKey = `${key}:${sends++}`
      if (ask) askKey = sendKey
      return once('send', async () => {
        demandContact(driver)
        const { vars, epoch, causeId } = state
        const delivery = await driver.deliver({
          ...{ key: sendKey, content, vars, ask, epoch, causeId, cardId },
          proactive: !state.isAnswering,
          dueAtMs: waitMs === undefined ? undefined : driver.now() + waitMs,
        })
        if (delivery.state === 'refused') throw new CardFailure(delivery.code, delivery.reason)
        return { atMs: driver.now(), messageId: delivery.messageId }
      })
    },
    async waitForReply(untilMs) {
      const reply = await once('reply', async () => {
        const found = await driver.waitForReply(askKey, beginWait(state, within, untilMs))
        delete within.keepsDeadline
        if (!found) return null
        state.lastReply = found
        state.causeId = found.factId
        state.isAnswering = true
        return { ...found }
      })
      return reply ?? undefined
    },
    perform: (name, input) => {
      const effectKey = `${key}:p${performances++}`
      return once(`perform ${name}`, async () => {
        if (!worksWithoutContact.has(name)) demandContact(driver)
        const call = { key: effectKey, cardId, causeId: state.causeId, atMs: driver.now(), input }
        const { output, trace } = await driver.perform(name, call)
        if (trace) remember(state, driver, 'effect.performed', { card: cardId, effect: name, ...trace })
        return output
      })
    },
  } satisfies Partial<CardContext>
}

function waitsOf({ state, driver, key, once, within }: Visiting) {
  let waits = 0
  return {
    async sleepUntil(untilMs) {
      await once('sleep', async () => {
        await driver.sleepUntil(beginWait(state, within, untilMs))
        delete within.keepsDeadline
        return null
      })
    },
    async waitForEvent(event, condition, untilMs, sinceMessage) {
      const waitKey = `${key}:e${waits++}`
      const attributes = await once('event', async () => {
        const endsAtMs = beginWait(state, within, untilMs)
        const taken = await driver.waitForEvent(waitKey, event, condition, endsAtMs, sinceMessage)
        delete within.keepsDeadline
        if (!taken) return null
        state.causeId = taken.factId
        remember(state, driver, 'event.taken', { event })
        return taken.attributes
      })
      return attributes ?? undefined
    },
  } satisfies Partial<CardContext>
}

/** What comes after a wait that ends by itself answers nobody. */
function beginWait(state: JourneyState, within: Visit, untilMs: number): number {
  state.isAnswering = false
  within.dueAtMs = within.keepsDeadline && within.dueAtMs !== undefined ? within.dueAtMs : untilMs
  return within.dueAtMs
}

function demandContact({ contactId }: JourneyDriver): void {
  if (contactId === undefined) throw new CardFailure('no_contact', 'this run is about no contact')
}

/** Each operation of a visit is done once. What was done under other settings, in another order, is of no use. */
function journalOf({ journal }: Visit) {
  let at = 0
  return async <T extends Json>(op: string, run: () => Promise<T>): Promise<T> => {
    const index = at++
    const done = journal[index]
    if (done?.op === op) return done.result as T
    journal.length = index
    const result = await run()
    journal[index] = { op, result }
    return result
  }
}

async function judge(state: JourneyState, driver: JourneyDriver, conditions: Condition[]): Promise<number> {
  const { vars, lastReply } = state
  if (conditions.some(needsHistory)) {
    demandContact(driver)
    return driver.judge({ conditions, vars, reply: lastReply })
  }
  const contact = driver.contactId === undefined ? {} : await driver.loadContact()
  const scope = {
    contact,
    vars,
    event: eventOf(vars),
    reply: lastReply && { ...lastReply },
    nowMs: driver.now(),
  }
  return conditions.findIndex((condition) => evaluateCondition(condition, scope))
}
