import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'
import type { Resolution } from '../../workflows/cards/journey-state.ts'
import { Journey, JourneyVersion } from './entities.ts'
import type { GivenResolution } from './resolution-schema.ts'

/** A resolution as the workflow takes it: a version that is named comes along with its definition. */
export async function readResolution(
  em: Em,
  journeyId: string,
  given: GivenResolution,
  by: string,
): Promise<Resolution> {
  if (given.action !== 'use-version') return { ...given, by }
  const { versionId, card, timing, vars, action } = given
  const id = versionId ?? (await findPublished(em, journeyId))
  const version = id === undefined ? null : await em.findOne(JourneyVersion, { id, journeyId })
  if (!version) {
    const message = id === undefined ? 'the journey is not published' : `the journey has no version ${id}`
    throw new AppError('unprocessable', message, { fields: [{ field: 'versionId', message }] })
  }
  const { number, definition } = version
  return { action, version: { id: version.id, number }, definition, timing, vars, by, ...(card && { card }) }
}

export async function findPublished(em: Em, journeyId: string): Promise<string | undefined> {
  const journey = await em.findOneOrFail(Journey, { id: journeyId })
  return journey.publishedVersionId ?? undefined
}
