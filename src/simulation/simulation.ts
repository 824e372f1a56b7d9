import type { JsonObject } from '../model/json.ts'
import type { MessageContent } from '../model/message.ts'
import type { Problem, Resolution } from '../../workflows/cards/run-journey.ts'
import type { AttributeType } from '../model/event-attributes.ts'
import type { SimulatedContact } from './simulated-world.ts'

/** How a journey went in the simulator. */
export interface Simulation {
  /** `cut-off`: it went on longer than the limits of a simulation. */
  state: 'completed' | 'exited' | 'stuck' | 'cut-off'
  reason: string
  finishedAtMs: number
  problem: Problem | null
  trace: SimulatedFact[]
  messages: SimulatedMessage[]
  vars: JsonObject
  goalReached: boolean | null
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
}

/** When a scripted reply or event comes: a while after somebody waits for it, or at an instant of the simulation. */
interface Timing {
  /** After the question was sent, or the wait for the event began; 1 second when nothing is given. */
  afterMs?: number | undefined
  /** After the start. */
  atMs?: number | undefined
}
export interface ScriptedReply extends Timing {
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
  contact: SimulatedContact
  /** Of the declared custom attributes; every value fits when absent. */
  attributeTypes?: ReadonlyMap<string, AttributeType> | undefined
  startAtMs: number
  vars?: JsonObject
  /** Open for 24 hours from the message that started it, unless the journey was started otherwise. */
  windowOpen?: boolean
  /** In order; once they are used up, the contact is silent. */
  replies?: ScriptedReply[]
  events?: ScriptedEvent[]
  /** What an engineer decides each time the run is stuck; without one it stays stuck. */
  resolutions?: Resolution[]
  maximumSteps?: number
}

/** Leaves the interpreter where a real run would park for ever, or where a simulation has seen enough. */
export class SimulationStop extends Error {
  readonly state: 'stuck' | 'cut-off'
  readonly reason: string
  readonly problem: Problem | undefined

  constructor(state: 'stuck' | 'cut-off', reason: string, problem?: Problem) {
    super(reason)
    this.name = 'SimulationStop'
    this.state = state
    this.reason = reason
    this.problem = problem
  }
}
