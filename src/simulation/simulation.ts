import type { ContactTraffic } from '../model/arbiter.ts'
import type { ArbiterSettings } from '../model/arbiter-settings.ts'
import type { ConditionHistory } from '../model/condition-history.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { MessageContent } from '../model/message.ts'
import type { JourneyState, Order, Problem, Resolution } from '../../workflows/cards/journey-state.ts'
import type { ContactView } from '../../workflows/cards/card.ts'
import type { AttributeType } from '../model/event-attributes.ts'
import type { Reaction } from './behaviour.ts'
import type { SimulatedTemplates } from './simulated-templates.ts'
import type { SimulatedContact } from './simulated-world.ts'

/** How a run came to its end in the simulator, or to the end of the simulation. */
export interface RunEnd {
  /** `cut-off`: it went on longer than the limits of a simulation. */
  state: 'completed' | 'exited' | 'stuck' | 'cut-off'
  reason: string
  finishedAtMs: number
  problem: Problem | null
  vars: JsonObject
  goalReached: boolean | null
  /** Where it stands when it has not ended. */
  cardId: string | null
  /** Cut off because the time that was to be looked at is over, not because it goes in circles. */
  beyondHorizon: boolean
}

/** A run with everything that happened in it. */
export interface Simulation extends RunEnd {
  trace: SimulatedFact[]
  messages: SimulatedMessage[]
}

/** Where facts and messages go as they come: a list, or what only counts them. */
export interface SimulationSinks {
  facts: { push(fact: SimulatedFact): unknown }
  messages: { push(message: SimulatedMessage): unknown }
}

export interface SimulatedFact {
  atMs: number
  kind: string
  data: JsonObject
}
export interface SimulatedMessage {
  atMs: number
  cardId: string
  content: MessageContent
  text: string
  /** Whether the 24-hour window was open as it was sent. */
  windowOpen: boolean
}

/** When a scripted reply or event comes: a while after somebody waits for it, or at an instant of the simulation. */
interface Timing {
  /** After the question was sent, or the wait for the event began; 1 second when nothing is given. */
  afterMs?: number | undefined
  /** After the start. */
  atMs?: number | undefined
}
export interface ScriptedReply extends Timing {
  /** The contact opts out of everything. */
  stop?: boolean | undefined
  text?: string | undefined
  buttonId?: string | undefined
  location?: { latitude: number; longitude: number } | undefined
  /** A Flow or an address, filled in. */
  answers?: JsonObject | undefined
}
export interface ScriptedEvent extends Timing {
  name: string
  attributes?: JsonObject | undefined
}

export interface SimulationOptions {
  /** Where a run stands that has begun already; it is not changed. */
  startFrom?: JourneyState | undefined
  /** What it is told at its first boundaries. */
  orders?: Order[] | undefined
  contact: SimulatedContact
  /** Of the declared custom attributes; every value fits when absent. */
  attributeTypes?: ReadonlyMap<string, AttributeType> | undefined
  startAtMs: number
  vars?: JsonObject
  /** Open for 24 hours from the message that started it, unless the journey was started otherwise. */
  windowOpen?: boolean
  /** Instead of `windowOpen`, of real contacts. */
  windowEndsAtMs?: number | undefined
  /** What lies behind the contact; nothing when absent. */
  history?: ConditionHistory | undefined
  /** In order; once they are used up, the contact is silent. */
  replies?: ScriptedReply[]
  events?: ScriptedEvent[]
  /** What an engineer decides each time the run is stuck; without one it stays stuck. */
  resolutions?: Resolution[]
  maximumSteps?: number
  /** Nothing is looked at that happens later. */
  horizonMs?: number | undefined
  /** What a contact does about a question for which no reply is scripted. */
  react?: ((askKey: string, question: MessageContent | undefined) => Reaction) | undefined
  /** What happens by chance while a card waits for an event, and how long after the wait began. */
  happen?:
    | ((waitKey: string, event: string) => { afterMs: number; attributes: JsonObject } | undefined)
    | undefined
  /** A fault that strikes this send or effect. */
  fault?: ((cardId: string, key: string) => { code: string; reason: string } | undefined) | undefined
  /** How the outside answers an effect of this card, instead of its own simulation. */
  answerEffect?: ((cardId: string, key: string) => EffectAnswer | undefined) | undefined
  /** Scripts give nothing when this is absent. */
  runScript?:
    | ((script: { code: string; vars: JsonObject; contact: ContactView }) => Promise<JsonObject>)
    | undefined
  /** It was started by what the contact wrote: what it says first answers that. Like `windowOpen` when absent. */
  isAnswering?: boolean | undefined
  /** How often and when one person is written to; whoever sends of their own accord is judged by it. */
  arbiter?: ArbiterSettings | null | undefined
  /** What the arbiter sees of the contact as the simulation begins; nothing when absent. */
  traffic?: ContactTraffic | undefined
  /** The workspace's; what is sent is held against them when they are given. */
  templates?: SimulatedTemplates | undefined
}

/** What an outside system says: a result, or a refusal. */
export type EffectAnswer = { output: Json } | { code: string; reason: string }

/** Leaves the interpreter where a real run would park for ever, or where a simulation has seen enough. */
export class SimulationStop extends Error {
  readonly state: 'stuck' | 'cut-off' | 'exited'
  readonly reason: string
  readonly problem: Problem | undefined
  readonly beyondHorizon: boolean

  constructor(
    state: 'stuck' | 'cut-off' | 'exited',
    reason: string,
    problem?: Problem,
    beyondHorizon = false,
  ) {
    super(reason)
    this.name = 'SimulationStop'
    this.state = state
    this.reason = reason
    this.problem = problem
    this.beyondHorizon = beyondHorizon
  }
}
