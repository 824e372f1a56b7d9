import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { categoryOfMessage } from '../model/consent.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import { count, createCardFlow, type CardFlow } from './card-flow.ts'
import type { PriceList } from './price-list.ts'
import { createRunPaths, type RunPath } from './run-paths.ts'
import { createSendLoad, type NumberLimits, type SendLoad } from './send-load.ts'
import type { SimulatedContact, SimulatedTemplates } from './simulated-world.ts'
import type { RunEnd, SimulatedFact, SimulatedMessage } from './simulation.ts'
import { createSpending, type Spending } from './spending.ts'
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

/** Takes the facts and messages of one contact after the other and keeps only sums. */
export function createAudienceTally(input: {
  definition: JourneyDefinition
  prices: PriceList
  limits: NumberLimits
  templates: SimulatedTemplates
}) {
  const { definition, templates } = input
  const flow = createCardFlow(Object.keys(definition.cards))
  const paths = createRunPaths()
  const load = createSendLoad(input.limits)
  const spending = createSpending(input.prices)
  const violations = createViolations()
  const ends: AudienceResult['ends'] = { completed: 0, exited: {}, stuck: 0, inside: 0 }
  const goal = { reached: 0, missed: 0, undecided: 0 }
  const finishes = createFinishes()
  let contact: SimulatedContact | undefined
  let openedAtMs = Number.NEGATIVE_INFINITY
  let contacts = 0

  function addMessage({ atMs, cardId, content, windowOpen }: SimulatedMessage): void {
    flow.message(cardId)
    const opens = !windowOpen && atMs - openedAtMs >= dayMs
    if (opens) openedAtMs = atMs
    load.add(atMs, opens)
    const template =
      content.type === 'template'
        ? templates.get(`${content.template.name} ${content.template.language.code}`)
        : undefined
    const category = categoryOfMessage({
      class: definition.messageClass,
      isTemplate: content.type === 'template',
      templateCategory: template?.category,
    })
    // What is no template is service to WhatsApp, whatever the journey calls it.
    const paidAs = content.type === 'template' ? category : 'service'
    spending.add({ atMs, country: countryOf(contact), category: paidAs, windowOpen })
  }

  return {
    begin(n: number, given: SimulatedContact): void {
      contact = given
      contacts += 1
      openedAtMs = Number.NEGATIVE_INFINITY
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
    messages: { push: addMessage },
    end(n: number, end: RunEnd): void {
      const over = end.state === 'completed' || end.state === 'exited'
      flow.end(over)
      paths.end(n, end.state)
      if (end.state === 'exited') count(ends.exited, end.reason)
      else if (end.state === 'cut-off') ends.inside += 1
      else ends[end.state] += 1
      if (end.state === 'cut-off' && !end.beyondHorizon) violations.cutOff(end.cardId, end.reason)
      goal[end.goalReached === true ? 'reached' : end.goalReached === false ? 'missed' : 'undecided'] += 1
      if (over) finishes.add(n, end.finishedAtMs)
    },
    violations,
    result: (): AudienceResult => ({
      contacts,
      ends,
      goal,
      cards: flow.result(),
      paths: paths.result(shownPaths),
      sends: load.result(),
      cost: spending.result(),
      violations: violations.result(),
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

const countries = new Map<string, string | undefined>()
/** Calling and area codes: what lies behind does not change the country. */
const prefixDigits = 7

/** By the phone, as WhatsApp charges; else where the contact says to live. `??` when nobody can say. */
function countryOf(contact: SimulatedContact | undefined): string {
  const byPhone = contact?.wa_id ? countryOfPhone(contact.wa_id) : undefined
  return byPhone ?? contact?.country ?? '??'
}

function countryOfPhone(phone: string): string | undefined {
  const prefix = phone.slice(0, prefixDigits)
  if (countries.has(prefix)) return countries.get(prefix)
  if (countries.size > 50_000) countries.clear()
  const country = parsePhoneNumberFromString(`+${phone}`)?.country
  countries.set(prefix, country)
  return country
}
