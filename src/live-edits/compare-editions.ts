import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { getJourney } from '../journeys/manage-journeys.ts'
import { diffJourneys, type CardChange, type JourneyDiff } from '../model/journey-diff.ts'
import { completed, loadEdition, type EditionName } from './editions.ts'
import { findOccupancy } from './occupancy.ts'

interface Comparison extends Omit<JourneyDiff, 'cards'> {
  fromVersion: number | null
  toVersion: number | null
  cards: (CardChange & { inside: number })[]
}

/** What one version does otherwise than another, and how many people stand where it does. */
export async function compareEditions(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; journeyId: string; from: EditionName; to: EditionName },
): Promise<Comparison> {
  const em = forkFor(deps.orm, input.workspaceId)
  const from = await loadEdition(em, input, input.from)
  const to = await loadEdition(em, input, input.to)
  const occupancy = await findOccupancy(em, input)
  const insideOf = (card: string) =>
    occupancy.find((each) => each.versionId === from.id && each.card === card)?.inside ?? 0
  const diff = diffJourneys(completed(from.definition), completed(to.definition))
  const cards = diff.cards.map((change) => ({ ...change, inside: insideOf(change.card) }))
  return { ...diff, fromVersion: from.number, toVersion: to.number, cards }
}

export async function listOccupancy(
  deps: Pick<Deps, 'orm'>,
  where: { workspaceId: string; journeyId: string },
): ReturnType<typeof findOccupancy> {
  const em = forkFor(deps.orm, where.workspaceId)
  await getJourney(em, where.journeyId)
  return findOccupancy(em, where)
}
