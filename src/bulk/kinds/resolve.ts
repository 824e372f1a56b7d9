import { JourneyVersion } from '../../journeys/entities.ts'
import { findPublished } from '../../journeys/read-resolution.ts'
import { resolutionSchema } from '../../journeys/resolution-schema.ts'
import { resolveRun } from '../../journeys/steer-run.ts'
import type { JourneyDefinition } from '../../model/journey-definition.ts'
import { cards } from '../../../workflows/cards/index.ts'
import { defineBulkKind } from '../bulk-kind.ts'

function nextCard(definition: JourneyDefinition, cardId: string, outlet: string | undefined): string | null {
  const node = definition.cards[cardId]
  if (!node) return null
  const first = cards[node.type]?.outlets(node.settings)[0]?.id
  return node.next[outlet ?? first ?? 'next'] ?? null
}

/** Tells stuck runs how to go on. Temporal takes each operation's update once, whoever asks again. */
export const resolve = defineBulkKind({
  order: resolutionSchema,
  states: ['stuck'],
  isDirect: true,
  async act(deps, { id: runId, workspaceId, operationId, by }, resolution) {
    await resolveRun(deps, { workspaceId, runId, by, operationId, resolution })
    return { state: 'done' }
  },
  async goesOn(em, run, resolution) {
    const { vars } = resolution
    if (resolution.action === 'exit') return { cardId: null }
    if (resolution.action === 'goto') return { cardId: resolution.card, vars }
    if (resolution.action === 'use-version') {
      const versionId = resolution.versionId ?? (await findPublished(em, run.journeyId))
      return { cardId: resolution.card ?? run.cardId ?? null, versionId, vars }
    }
    if (resolution.action !== 'skip' || !run.cardId) return { cardId: run.cardId ?? null, vars }
    const version = await em.findOneOrFail(JourneyVersion, { id: run.versionId })
    return { cardId: nextCard(version.definition, run.cardId, resolution.outlet), vars }
  },
})
