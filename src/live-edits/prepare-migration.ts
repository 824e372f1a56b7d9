import type { Em } from '../db/orm.ts'
import { AppError, type FieldError } from '../model/errors.ts'
import { JourneyVersion } from '../journeys/entities.ts'
import { diffJourneys } from '../model/journey-diff.ts'
import { completed, loadVersions, type Edition } from './editions.ts'
import { findOccupancy, type Occupancy } from './occupancy.ts'
import { checkPlan, type Plan, type Source } from './plan.ts'

export interface MigrationRequest {
  workspaceId: string
  journeyId: string
  /** Numbers; every other version where somebody is inside when absent. */
  fromVersions?: number[] | undefined
  plan: Plan
}

/** A migration, judged: who is inside, what the versions do otherwise, and what keeps the plan from being carried out. */
export interface Prepared {
  to: Edition
  sources: Source[]
  occupancy: Occupancy[]
  problems: FieldError[]
}

export async function prepareMigration(em: Em, request: MigrationRequest, to: Edition): Promise<Prepared> {
  const { fromVersions, plan } = request
  const everywhere = await findOccupancy(em, request)
  const elsewhere = everywhere.filter(({ versionId }) => versionId !== to.id)
  const ids = [...new Set(elsewhere.map(({ versionId }) => versionId))]
  const inside = await loadVersions(em, request, ids)
  const wanted = inside.filter(({ number }) => fromVersions?.includes(number) ?? true)
  const occupancy = elsewhere.filter(({ version }) => wanted.some(({ number }) => number === version))
  const target = completed(to.definition)
  const sources = wanted.map(({ id, number, definition }): Source => {
    const people = occupancy.filter(({ versionId }) => versionId === id)
    return {
      ...{ id, number, definition, diff: diffJourneys(completed(definition), target) },
      inside: Object.fromEntries(people.map(({ card, inside: count }) => [card, count])),
    }
  })
  const problems = [
    ...(await checkVersions(em, request, to)),
    ...checkPlan(plan, sources, target, nameOf(to)),
  ]
  return { to, sources, occupancy, problems }
}

/** A version that nobody is inside of any more has nobody to move; one that never was is a mistake. */
async function checkVersions(
  em: Em,
  { journeyId, fromVersions = [] }: MigrationRequest,
  to: Edition,
): Promise<FieldError[]> {
  if (fromVersions.length === 0) return []
  const known = await em.find(JourneyVersion, { journeyId, number: { $in: fromVersions } })
  return fromVersions.flatMap((number, at): FieldError[] => {
    const field = `fromVersions.${at}`
    if (number === to.number)
      return [{ field, message: `version ${number} is the one that people are to move to` }]
    if (known.some((version) => version.number === number)) return []
    return [{ field, message: `the journey has no version ${number}` }]
  })
}

function nameOf({ number }: Pick<Edition, 'number'>): string {
  return number === null ? 'the draft' : `version ${number}`
}

/** Every card that the plan says nothing of, or something that cannot be done, is named. */
export function refuseProblems({ problems }: Prepared): void {
  const [first] = problems
  if (!first) return
  const rest = problems.length > 1 ? `, and ${problems.length - 1} more` : ''
  throw new AppError('unprocessable', `${first.field}: ${first.message}${rest}`, { fields: problems })
}
