import { setAttributes } from '../src/contacts/set-attributes.ts'
import type { Deps } from '../src/deps.ts'
import { contactOf } from '../src/journeys/contact-of.ts'
import type { EffectName, Performed } from '../workflows/cards/effects.ts'
import type { EffectOrder } from '../workflows/contract.ts'

type EffectActivities = { [K in EffectName]: (order: EffectOrder<K>) => Promise<Performed<K>> }

/** One activity an effect, under the effect's name. */
export function createEffectActivities(deps: Deps): EffectActivities {
  return {
    // A chat gives texts: they are read as the type that was declared.
    async setAttributes({ run, causeId, atMs, input: { attributes } }) {
      const { workspaceId, runId } = run
      const contactId = contactOf(run)
      await setAttributes(deps, { workspaceId, contactId, attributes, runId, causeId, atMs, lenient: true })
      return { output: null }
    },
  }
}
