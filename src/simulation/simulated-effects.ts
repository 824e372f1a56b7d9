import type { JsonObject } from '../model/json.ts'
import { choosePhrasing } from '../model/phrasing.ts'
import { toProductContent, type ProductMessage } from '../model/product-message.ts'
import type { EffectCall, EffectName, Performed } from '../../workflows/cards/effects.ts'
import { createSimulatedUtility } from './simulated-utility.ts'
import type { createSimulatedWorld } from './simulated-world.ts'
import type { SimulationOptions } from './simulation.ts'

export type SimulatedEffects = {
  [K in EffectName]: (call: EffectCall<K>) => Performed<K> | Promise<Performed<K>>
}

/** What effects do in a simulation: to the simulated contact, never to anybody real. */
export function createSimulatedEffects(
  world: ReturnType<typeof createSimulatedWorld>,
  options: Pick<SimulationOptions, 'runScript' | 'templates'>,
  note: (kind: string, data: JsonObject) => void,
): SimulatedEffects {
  const phrasings = new Map<string, number>()
  return {
    ...createSimulatedUtility(world, options, note),
    setAttributes({ input: { attributes } }) {
      world.set(attributes)
      note('attributes.set', { names: Object.keys(attributes) })
      return { output: null }
    },
    // By chance would be another way at each simulation of the same contact.
    nextPhrasing({ cardId, input: { count } }) {
      const last = phrasings.get(cardId)
      const draw = 0.5
      const phrasing = choosePhrasing(count, { mode: 'round-robin', last, draw })
      phrasings.set(cardId, phrasing)
      return { output: phrasing }
    },
    // The other journey has a simulation of its own.
    enterJourney({ input: { journeyId } }) {
      const output = { isEntered: true, reason: null }
      return { output, trace: { input: { journeyId }, output } }
    },
    // People answer at once here: how long they take is not known, and the chat stands still meanwhile anyway.
    handOff({ cardId, atMs, input: { to, name } }) {
      note('chat.handed-off', { card: cardId, to, name })
      return { output: { handOffId: `simulated-${cardId}`, atMs, lastQuestion: null } }
    },
    handOffOutcome({ cardId, atMs }) {
      note('chat.handed-back', { card: cardId, outcome: 'handed-back' })
      return { output: { outcome: 'handed-back', atMs, action: null, card: null } }
    },
    // Meta's id of the catalog is not known here; nobody sees the message but who simulates.
    composeProducts({ input: { catalogId, message } }) {
      return {
        output: toProductContent(message as unknown as ProductMessage, catalogId) as unknown as JsonObject,
      }
    },
  }
}
