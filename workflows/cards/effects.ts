import type { ConsentScope, ConsentState } from '../../src/model/consent.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'

/**
 * What cards do to the world besides sending and waiting: input and output of each effect, JSON both. An effect has a
 * function in a feature room (activities/effects.ts lists them) and one in the simulator: nothing else knows of it.
 */
export interface Effects {
  setAttributes: { input: { attributes: JsonObject }; output: null }
  changeTags: { input: { add: string[]; remove: string[] }; output: null }
  /** Static segments, by their ids. */
  changeSegments: { input: { add: string[]; remove: string[] }; output: null }
  /** Of the conversation. */
  changeLabels: { input: { add: string[]; remove: string[] }; output: null }
  setConsent: { input: { category: ConsentScope; state: ConsentState }; output: null }
  /** An action of an outside system. */
  callIntegration: {
    input: { integration: string; action: string; connectionId?: string; input: JsonObject }
    output: Json
  }
  /** JavaScript in the sandbox; what it returned. */
  runScript: { input: { code: string; vars: JsonObject }; output: JsonObject }
  /** The message of an approved template, in the language that suits the contact; `values` are final. */
  composeTemplate: {
    input: { name: string; language?: string; values: JsonObject }
    output: { content: JsonObject }
  }
  /** Index of the phrasing whose turn it is. */
  nextPhrasing: { input: { count: number; mode: 'random' | 'round-robin' }; output: number }
  /** A message with products out of a catalog of ours; `vars` fill in products that texts name. */
  composeProducts: {
    input: { catalogId: string; message: JsonObject; vars: JsonObject }
    output: JsonObject
  }
  /** The start of another journey, if its entry rules let the contact in. */
  enterJourney: {
    input: { journeyId: string; vars: JsonObject; isAnswering: boolean }
    output: { isEntered: boolean; reason: string | null }
  }
  /** The chat is held until a person hands it back; nobody may come for so long. */
  handOff: {
    input: {
      to: 'anyone' | 'team' | 'agent' | 'rule'
      name: string | null
      userId: string | null
      note: string
      vars: JsonObject
      timeoutMs: number
    }
    /** `lastQuestion`: the card that the contact answered last. */
    output: { handOffId: string; atMs: number; lastQuestion: string | null }
  }
  /** `action` and `card`: what the agent chose, if so. */
  handOffOutcome: {
    input: { handOffId: string }
    output: {
      outcome: 'open' | 'handed-back' | 'timeout'
      atMs: number
      action: string | null
      card: string | null
    }
  }
}

export type EffectName = keyof Effects
export type EffectInput<K extends EffectName> = Effects[K]['input']
export type EffectOutput<K extends EffectName> = Effects[K]['output']

/** One performance of an effect. */
export interface EffectCall<K extends EffectName = EffectName> {
  /** Unique within the lineage and the same at every try: card, visit, n-th operation of the visit. */
  key: string
  cardId: string
  causeId: string
  atMs: number
  input: EffectInput<K>
}

/** What came of it. `trace` is what the run's trace may show: short, and without secrets. */
export interface Performed<K extends EffectName = EffectName> {
  output: EffectOutput<K>
  trace?: { input: Json; output: Json } | undefined
}

/** Those that call other systems or take their time: an ordinary activity with retries, not one inside a workflow task. */
export const slowEffects: ReadonlySet<string> = new Set<string>(['callIntegration', 'runScript'])

/** Those that a run without a contact may have. */
export const worksWithoutContact: ReadonlySet<string> = new Set<string>([
  'callIntegration',
  'runScript',
  'enterJourney',
])
