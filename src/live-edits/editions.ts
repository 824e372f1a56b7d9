import type { Em } from '../db/orm.ts'
import { JourneyVersion } from '../journeys/entities.ts'
import { freezeDraft } from '../journeys/freeze-draft.ts'
import { getJourney } from '../journeys/manage-journeys.ts'
import { invalidJourney } from '../journeys/publish-journey.ts'
import { checkJourney } from '../journeys/validate-journey.ts'
import { AppError } from '../model/errors.ts'
import { journeyDefinitionSchema, type JourneyDefinition } from '../model/journey-definition.ts'
import { cards as registry } from '../../workflows/cards/index.ts'

/** A version of a journey; the draft has neither id nor number. */
export interface Edition {
  id: string | null
  number: number | null
  definition: JourneyDefinition
}
export type EditionName = number | 'draft' | 'latest'

interface Where {
  workspaceId: string
  journeyId: string
}

export async function loadEdition(em: Em, { journeyId }: Where, name: EditionName): Promise<Edition> {
  const journey = await getJourney(em, journeyId)
  if (name === 'draft') {
    const { definition, problems } = checkJourney(await freezeDraft(em, journey, journey.draft))
    if (!definition) throw invalidJourney(problems)
    return { id: null, number: null, definition }
  }
  const wanted = name === 'latest' ? {} : { number: name }
  const row = await em.findOne(JourneyVersion, { journeyId, ...wanted }, { orderBy: { number: 'desc' } })
  if (row) return row
  const words = name === 'latest' ? 'no version yet' : `no version ${name}`
  throw new AppError('not_found', `journey ${journeyId} has ${words}`)
}

export async function loadVersions(
  em: Em,
  { journeyId }: Where,
  ids: string[],
): Promise<(Edition & { id: string; number: number })[]> {
  return em.find(JourneyVersion, { journeyId, id: { $in: ids } }, { orderBy: { number: 'asc' } })
}

/**
 * A definition with every default of today. What was frozen before a setting existed does what its default says, so that
 * is no difference.
 */
export function completed(definition: JourneyDefinition): JourneyDefinition {
  const parsed = journeyDefinitionSchema.safeParse(definition)
  const known = parsed.success ? parsed.data : definition
  const cards = Object.entries(known.cards).map(([id, node]) => {
    const settings = registry[node.type]?.settings.safeParse(node.settings)
    return [id, settings?.success ? { ...node, settings: settings.data as typeof node.settings } : node]
  })
  return { ...known, cards: Object.fromEntries(cards) as JourneyDefinition['cards'] }
}
