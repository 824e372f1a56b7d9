import type { Deps } from '../src/deps.ts'
import { contactOf } from '../src/journeys/contact-of.ts'
import { findHandOffOutcome, handOff } from '../src/takeover/hand-off.ts'
import type { EffectName, Performed } from '../workflows/cards/effects.ts'
import type { EffectOrder } from '../workflows/contract.ts'

type Activity<K extends EffectName> = (order: EffectOrder<K>) => Promise<Performed<K>>

/** A journey asks for a person, and what came of it. */
export function createTakeoverEffects(deps: Deps) {
  const handOffOf: Activity<'handOff'> = async ({ run, key, causeId, input }) => {
    const { workspaceId, runId, lineageId, conversationId = '' } = run
    const where = { workspaceId, runId, conversationId, contactId: contactOf(run) }
    return { output: await handOff(deps, { ...where, key: `${lineageId}:${key}`, causeId, input }) }
  }
  const handOffOutcome: Activity<'handOffOutcome'> = async ({ run: { workspaceId }, input }) => ({
    output: await findHandOffOutcome(deps, { workspaceId, ...input }),
  })
  return { handOff: handOffOf, handOffOutcome }
}
