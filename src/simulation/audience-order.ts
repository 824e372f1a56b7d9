import type { JourneyDefinition } from '../model/journey-definition.ts'
import type { ArbiterSettings } from '../model/arbiter-settings.ts'
import type { ConditionHistory } from '../model/condition-history.ts'
import type { AttributeType } from '../model/event-attributes.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { react, drawTimeMs, type Behaviour } from './behaviour.ts'
import { createDraws, pickByShare, type Draws } from './draws.ts'
import type { RateCard } from '../pricing/price-list.ts'
import { sampleAnswers } from './sample-answers.ts'
import type { NumberLimits } from './send-load.ts'
import { createSimulatedTemplates, type SimulatedTemplate } from './simulated-templates.ts'
import type { SimulatedContact } from './simulated-world.ts'
import type { ScriptedEvent, ScriptedReply, SimulationOptions } from './simulation.ts'

/** What each contact of an audience meets. JSON: it is kept with the simulation, so that any contact's way can be told again. */
export interface AudienceOrder {
  definition: JourneyDefinition
  seed: number
  entryAtMs: number
  /** Entries are spread over this long. */
  spread: { overMs: number; shape: 'even' | 'random' }
  /** How many contacts there are, for the spreading. */
  count: number
  horizonMs: number
  vars: JsonObject
  /** Whether the contact has just written, or for how many of them: 0 to 1. Null: as it is with real contacts. */
  windowOpen: number | null
  behaviour: Behaviour | null
  replies: ScriptedReply[]
  events: ScriptedEvent[]
  faults: Fault[]
  effects: { card: string; answers: CannedAnswer[] }[]
}
export interface Fault {
  card: string
  code: string
  rate: number
}
export interface CannedAnswer {
  probability: number
  output?: Json | undefined
  code?: string | undefined
  reason?: string | undefined
}

/** What the workspace is like: read once as the simulation begins, and kept with it. JSON, too. */
export interface Surroundings {
  attributeTypes: [name: string, type: AttributeType][]
  templates: SimulatedTemplate[]
  /** That a template falls back to. */
  defaultLanguage: string
  rateCards: RateCard[]
  limits: NumberLimits
  arbiter: ArbiterSettings | null
}

/** What every simulation amid these surroundings has in common. */
export function optionsAmid({ attributeTypes, templates, defaultLanguage, arbiter }: Surroundings) {
  return {
    attributeTypes: new Map(attributeTypes),
    templates: createSimulatedTemplates(templates, defaultLanguage),
    arbiter,
  } satisfies Partial<SimulationOptions>
}

export interface AudienceContact {
  n: number
  contact: SimulatedContact
  /** Of real contacts. */
  windowEndsAtMs?: number | undefined
  history?: ConditionHistory | undefined
}

const maximumSteps = 2_000

/** Makes each contact's own options out of the order. */
export function createContactOptions(
  order: AudienceOrder,
  surroundings: Surroundings,
  runScript?: SimulationOptions['runScript'],
) {
  const around = optionsAmid(surroundings)
  const faults = Map.groupBy(order.faults, ({ card }) => card)
  const effects = new Map(order.effects.map(({ card, answers }) => [card, answers]))
  return ({ n, contact, windowEndsAtMs, history }: AudienceContact): SimulationOptions => {
    const draws = createDraws(order.seed, n)
    const startAtMs = entryOf(order, n, draws)
    const hasWritten = order.windowOpen !== null && draws.draw('window') < order.windowOpen
    return {
      contact,
      history,
      runScript,
      startAtMs,
      vars: order.vars,
      windowOpen: hasWritten,
      isAnswering: hasWritten,
      ...(order.windowOpen === null && windowEndsAtMs !== undefined && { windowEndsAtMs }),
      ...around,
      replies: order.replies,
      events: order.events,
      horizonMs: Math.max(0, order.entryAtMs + order.horizonMs - startAtMs),
      maximumSteps,
      ...(order.behaviour && behave(order.behaviour, draws)),
      ...(faults.size > 0 && { fault: (card: string, key: string) => strike(faults.get(card), key, draws) }),
      ...(effects.size > 0 && {
        answerEffect: (card: string, key: string) => answer(effects.get(card), key, draws),
      }),
    }
  }
}

/** The later half of an order's entries come later, each contact always at the same moment. */
function entryOf({ entryAtMs, spread, count }: AudienceOrder, n: number, draws: Draws): number {
  if (spread.overMs === 0) return entryAtMs
  const share = spread.shape === 'even' ? n / count : draws.draw('entry')
  return entryAtMs + Math.floor(share * spread.overMs)
}

function behave(behaviour: Behaviour, draws: Draws): Pick<SimulationOptions, 'react' | 'happen'> {
  return {
    react: (askKey, question) => {
      const [card = ''] = askKey.split(':')
      const model = behaviour.cards[card] ?? behaviour.default
      return react(model, () => sampleAnswers(question), draws, askKey)
    },
    happen: (waitKey, name) => {
      const model = behaviour.events.find(({ event }) => event === name)
      if (!model || draws.draw(`event ${waitKey}`) >= model.probability) return undefined
      return { afterMs: drawTimeMs(model.after, draws, waitKey), attributes: model.attributes }
    },
  }
}

function strike(faults: Fault[] | undefined, key: string, draws: Draws) {
  const fault = faults?.find(({ code, rate }) => draws.draw(`fault ${code} ${key}`) < rate)
  return fault && { code: fault.code, reason: 'a fault that the simulation was asked for' }
}

function answer(answers: CannedAnswer[] | undefined, key: string, draws: Draws) {
  const chosen =
    answers && pickByShare(answers, ({ probability }) => probability, draws.draw(`effect ${key}`))
  if (!chosen) return undefined
  if (chosen.code === undefined) return { output: chosen.output ?? null }
  return { code: chosen.code, reason: chosen.reason ?? 'as the simulation was asked to answer' }
}
