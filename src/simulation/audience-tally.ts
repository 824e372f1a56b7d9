import { categoryOfMessage } from '../model/consent.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import { count, createCardFlow, type CardFlow } from './card-flow.ts'
import type { PriceList } from '../pricing/price-list.ts'
import { createRunPaths, type RunPath } from './run-paths.ts'
import { createSendLoad, type NumberLimits, type SendLoad } from './send-load.ts'
import type { SimulatedTemplates } from './simulated-templates.ts'
import type { SimulatedContact } from './simulated-world.ts'
import type { RunEnd, SimulatedFact, SimulatedMessage } from './simulation.ts'
import { countryOfPhone } from '../pricing/country-of-phone.ts'
import { createSpending, type Spending } from '../pricing/spending.ts'
import { createViolations, type Violation } from './violations.ts'

/** What a journey does to an audience. */
export interface AudienceResult {
  contacts: number
  ends: { completed: number; exited: Record<string, number>; stuck: number; inside: number }
  goal: { reached: number; missed: number; undecided: number }
  cards: CardFlow[]
  paths: { distinct: number; contactsOnOthers: number; paths: RunPath[] }
  sends: SendLoad
  cost: Spending
  violations: Violation[]
  /** Of the runs that ended; null when none did. */
  finish: { first: string; median: string; latest: string; latestContact: number } | null
}

const shownPaths = 200
const dayMs = 24 * 60 * 60_000

interface Tallying {
  definition: JourneyDefinition
  prices: PriceList
  limits: NumberLimits
  templates: SimulatedTemplates
}

/** Takes the facts and messages of one contact after the other and keeps only sums. */
export function createAudienceTally(input: Tallying) {
  const flow = createCardFlow(Object.keys(input.definition.cards))
  const paths = createRunPaths()
  const violations = createViolations()
  const ends = createEndTally()
  const sends = createSendTally(input)
  let contacts = 0

  return {
    begin(n: number, contact: SimulatedContact): void {
      contacts += 1
      sends.begin(contact)
      flow.begin()
      paths.begin()
      violations.begin(n)
    },
    facts: {
      push(fact: SimulatedFact): void {
        flow.take(fact)
        paths.take(fact)
        violations.take(fact)
      },
    },
    messages: {
      push(message: SimulatedMessage): void {
        flow.message(message.cardId)
        sends.add(message)
      },
    },
    end(n: number, end: RunEnd): void {
      flow.end(isOver(end))
      paths.end(n, end.state)
      ends.add(n, end)
      if (end.state === 'cut-off' && !end.beyondHorizon) violations.cutOff(end.cardId, end.reason)
    },
    violations,
    result: (): AudienceResult => ({
      contacts,
      ...ends.result(),
      cards: flow.result(),
      paths: paths.result(shownPaths),
      ...sends.result(),
      violations: violations.result(),
    }),
  }
}

function isOver({ state }: RunEnd): boolean {
  return state === 'completed' || state === 'exited'
}

/** What goes out, when, and for how much. */
function createSendTally({ definition, prices, limits, templates }: Tallying) {
  const load = createSendLoad(limits)
  const spending = createSpending(prices)
  let contact: SimulatedContact | undefined
  let openedAtMs = Number.NEGATIVE_INFINITY

  return {
    begin(given: SimulatedContact): void {
      contact = given
      openedAtMs = Number.NEGATIVE_INFINITY
    },
    add({ atMs, content, windowOpen }: SimulatedMessage): void {
      const opens = !windowOpen && atMs - openedAtMs >= dayMs
      if (opens) openedAtMs = atMs
      load.add(atMs, opens)
      const category = categoryOfMessage({
        class: definition.messageClass,
        isTemplate: content.type === 'template',
        templateCategory: templates.of(content)?.category,
      })
      // What is no template is service to WhatsApp, whatever the journey calls it.
      const paidAs = content.type === 'template' ? category : 'service'
      spending.add({ atMs, country: countryOf(contact), category: paidAs, windowOpen })
    },
    result: (): Pick<AudienceResult, 'sends' | 'cost'> => ({
      sends: load.result(),
      cost: spending.result(),
    }),
  }
}

/** How runs end, and when. */
function createEndTally() {
  const ends: AudienceResult['ends'] = { completed: 0, exited: {}, stuck: 0, inside: 0 }
  const goal = { reached: 0, missed: 0, undecided: 0 }
  const finishes = createFinishes()
  return {
    add(n: number, end: RunEnd): void {
      if (end.state === 'exited') count(ends.exited, end.reason)
      else if (end.state === 'cut-off') ends.inside += 1
      else ends[end.state] += 1
      goal[end.goalReached === true ? 'reached' : end.goalReached === false ? 'missed' : 'undecided'] += 1
      if (isOver(end)) finishes.add(n, end.finishedAtMs)
    },
    result: (): Pick<AudienceResult, 'ends' | 'goal' | 'finish'> => ({
      ...{ ends, goal },
      finish: finishes.result(),
    }),
  }
}

function createFinishes() {
  const times: number[] = []
  let latest = { n: -1, atMs: Number.NEGATIVE_INFINITY }
  return {
    add(n: number, atMs: number): void {
      times.push(atMs)
      if (atMs > latest.atMs) latest = { n, atMs }
    },
    result(): AudienceResult['finish'] {
      if (times.length === 0) return null
      const sorted = Float64Array.from(times).toSorted()
      const at = (index: number) => new Date(sorted[index] ?? 0).toISOString()
      return {
        first: at(0),
        median: at(Math.floor((sorted.length - 1) / 2)),
        latest: at(sorted.length - 1),
        latestContact: latest.n,
      }
    },
  }
}

/** By the phone, as WhatsApp charges; else where the contact says to live. `??` when nobody can say. */
function countryOf(contact: SimulatedContact | undefined): string {
  const byPhone = contact?.wa_id ? countryOfPhone(contact.wa_id) : undefined
  return byPhone ?? contact?.country ?? '??'
}
