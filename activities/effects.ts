import { setAttributes } from '../src/contacts/set-attributes.ts'
import { composeForRun } from '../src/catalog/compose-for-run.ts'
import type { Deps } from '../src/deps.ts'
import { enterFromRun } from '../src/journeys/enter-from-run.ts'
import { contactOf } from '../src/journeys/contact-of.ts'
import type { JsonObject } from '../src/model/json.ts'
import type { ProductMessage } from '../src/model/product-message.ts'
import { nextPhrasing } from '../src/phrasings/next-phrasing.ts'
import type { EffectName, Performed } from '../workflows/cards/effects.ts'
import type { EffectOrder } from '../workflows/contract.ts'
import { createTakeoverEffects } from './takeover-effects.ts'
import { createUtilityEffects } from './utility-effects.ts'

type EffectActivities = { [K in EffectName]: (order: EffectOrder<K>) => Promise<Performed<K>> }

/** One activity an effect, under the effect's name. */
export function createEffectActivities(deps: Deps): EffectActivities {
  return {
    ...createUtilityEffects(deps),
    ...createTakeoverEffects(deps),
    // A chat gives texts: they are read as the type that was declared.
    async setAttributes({ run, causeId, atMs, input: { attributes } }) {
      const { workspaceId, runId } = run
      const contactId = contactOf(run)
      await setAttributes(deps, { workspaceId, contactId, attributes, runId, causeId, atMs, lenient: true })
      return { output: null }
    },

    async nextPhrasing({ run, cardId, key, input }) {
      const { workspaceId, journeyId, lineageId } = run
      const effectKey = `${lineageId}:${key}`
      const whose = { workspaceId, journeyId, cardId, effectKey, contactId: contactOf(run) }
      return { output: await nextPhrasing(deps, { ...whose, ...input }) }
    },

    async enterJourney({ run, key, cardId, causeId, input }) {
      const { workspaceId, runId, lineageId, contactId } = run
      const from = { workspaceId, runId, cardId, contactId, causeId, effectKey: `${lineageId}:${key}` }
      const output = await enterFromRun(deps, { ...from, ...input })
      return { output, trace: { input: { journeyId: input.journeyId }, output } }
    },

    async composeProducts({ run, input: { catalogId, message, vars } }) {
      const content = await composeForRun(deps, {
        ...{ workspaceId: run.workspaceId, contactId: contactOf(run), catalogId, vars },
        message: message as unknown as ProductMessage,
      })
      return { output: content as unknown as JsonObject }
    },
  }
}
