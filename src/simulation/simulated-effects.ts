import type { EffectCall, EffectName, Performed } from '../../workflows/cards/effects.ts'
import type { createSimulatedWorld } from './simulated-world.ts'

export type SimulatedEffects = { [K in EffectName]: (call: EffectCall<K>) => Performed<K> }

/** What effects do in a simulation: to the simulated contact, never to anybody real. */
export function createSimulatedEffects(
  world: ReturnType<typeof createSimulatedWorld>,
  note: (kind: string, data: { names: string[] }) => void,
): SimulatedEffects {
  return {
    setAttributes({ input: { attributes } }) {
      world.set(attributes)
      note('attributes.set', { names: Object.keys(attributes) })
      return { output: null }
    },
  }
}
