import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { JourneyVersion } from '../journeys/entities.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import { getJourney, getVersion } from '../journeys/manage-journeys.ts'
import type { CountFilter } from './load-counts.ts'

const day = z.iso.date({ abort: true }).refine((text) => text >= '1900', 'is too long ago')

/** What every report can be narrowed to. */
export const reportQuery = z.object({
  version: z.coerce
    .number()
    .int()
    .min(1)
    .max(2_147_483_647)
    .optional()
    .meta({ description: 'number of a version; all of them without it' }),
  from: day.optional().meta({ description: 'first day, in UTC' }),
  to: day.optional().meta({ description: 'last day, in UTC' }),
})

/** The part of a journey's counts that is asked for, and the cards of that version, else of the newest. */
export async function readReportQuery(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; journeyId: string } & z.output<typeof reportQuery>,
) {
  const { workspaceId, journeyId, version, from, to } = input
  const em = forkFor(deps.orm, workspaceId)
  const journey = await getJourney(em, journeyId)
  const shown =
    version === undefined
      ? await em.findOne(JourneyVersion, { journeyId }, { orderBy: { number: 'desc' } })
      : await getVersion(deps, { workspaceId, journeyId, number: version })
  const filter: CountFilter = {
    ...{ workspaceId, journeyId, from, to },
    versionId: version === undefined ? undefined : shown?.id,
  }
  return { journey, filter, cards: shown ? inOrder(shown.definition) : {} }
}

/** As one comes to them from the start; what is stored has no order. */
function inOrder({ start, cards }: JourneyDefinition): JourneyDefinition['cards'] {
  const order = new Set([start])
  for (const id of order) {
    const targets = Object.values(cards[id]?.next ?? {})
    for (const target of targets) if (target !== null) order.add(target)
  }
  const ids = [...order, ...Object.keys(cards).filter((id) => !order.has(id))]
  return Object.fromEntries(ids.flatMap((id) => (cards[id] ? [[id, cards[id]]] : [])))
}
