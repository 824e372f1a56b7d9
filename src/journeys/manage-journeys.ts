import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { PhoneNumber } from '../settings/entities.ts'
import { Journey, JourneyVersion } from './entities.ts'

export type JourneyRow = NonNullable<Awaited<ReturnType<typeof findJourney>>>

/** Starts a draft. It may hold anything: only publishing demands that it is right. */
export async function createJourney(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; numberId: string; name: string; draft: JsonObject },
): Promise<JourneyRow> {
  const { workspaceId, numberId, name, draft } = input
  const em = forkFor(deps.orm, workspaceId)
  if (!(await em.findOne(PhoneNumber, { id: numberId }))) {
    const message = `there is no phone number ${numberId}`
    throw new AppError('unprocessable', message, { fields: [{ field: 'numberId', message }] })
  }
  const now = new Date()
  const journey = em.create(Journey, {
    id: newId(),
    workspaceId,
    numberId,
    name,
    draft,
    createdAt: now,
    updatedAt: now,
  })
  await em.flush()
  return journey
}

/** Nobody enters any more; who is inside goes on. */
export async function unpublishJourney(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, journeyId }: { workspaceId: string; journeyId: string },
): Promise<JourneyRow> {
  const em = forkFor(deps.orm, workspaceId)
  const journey = await getJourney(em, journeyId)
  journey.publishedVersionId = null
  await em.flush()
  return journey
}

export async function getJourney(em: Em, journeyId: string): Promise<JourneyRow> {
  const journey = await findJourney(em, journeyId)
  if (!journey) throw new AppError('not_found', `journey ${journeyId} does not exist`)
  return journey
}

function findJourney(em: Em, journeyId: string) {
  return em.findOne(Journey, { id: journeyId, deletedAt: null })
}

type VersionRow = Awaited<ReturnType<typeof getVersion>>

export async function listVersions(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; journeyId: string; beforeNumber?: number | undefined; limit: number },
): Promise<VersionRow[]> {
  const em = forkFor(deps.orm, input.workspaceId)
  await getJourney(em, input.journeyId)
  return em.find(
    JourneyVersion,
    {
      journeyId: input.journeyId,
      ...(input.beforeNumber !== undefined && { number: { $lt: input.beforeNumber } }),
    },
    { orderBy: { number: 'desc' }, limit: input.limit },
  )
}

export async function getVersion(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, journeyId, number }: { workspaceId: string; journeyId: string; number: number },
) {
  const version = await forkFor(deps.orm, workspaceId).findOne(JourneyVersion, { journeyId, number })
  if (!version) throw new AppError('not_found', `journey ${journeyId} has no version ${number}`)
  return version
}
