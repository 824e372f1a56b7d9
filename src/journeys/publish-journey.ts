import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { checkCardReferences } from './card-references.ts'
import { Journey, JourneyVersion } from './entities.ts'
import { freezeDraft } from './freeze-draft.ts'
import { checkTriggerReferences } from './trigger-references.ts'
import { checkJourney, type FieldProblem } from './validate-journey.ts'
import { checkWrittenAttributes, declareWritten } from './written-attributes.ts'

export interface Published {
  version: { id: string; journeyId: string; number: number; publishedAt: Date }
  warnings: FieldProblem[]
}

/** Freezes the draft as the next version, with its defaults filled in. New runs take it; runs inside keep theirs. */
export async function publishJourney(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    journeyId: string
    /** Declares the contact attributes that its cards set and nobody has declared, with the cards' types. */
    declareAttributes?: boolean | undefined
  },
): Promise<Published> {
  const { workspaceId, journeyId, declareAttributes = false } = input
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    // One at a time a journey, so that numbers follow one another.
    await em.execute('select id from journeys where id = ? and workspace_id = ? for update', [
      journeyId,
      workspaceId,
    ])
    const journey = await em.findOne(Journey, { id: journeyId, deletedAt: null })
    if (!journey) throw new AppError('not_found', `journey ${journeyId} does not exist`)
    const { problems, definition } = checkJourney(await freezeDraft(em, journey, journey.draft))
    if (!definition) throw invalidJourney(problems)
    const { undeclared, misnamed } = await checkWrittenAttributes(em, workspaceId, definition)
    const references = [
      ...(await checkTriggerReferences(em, workspaceId, definition)),
      ...(await checkCardReferences(em, workspaceId, definition)),
    ]
    const missing = references.filter(({ severity }) => severity === 'error')
    const unfit = [...missing, ...misnamed, ...(declareAttributes ? [] : undeclared)]
    if (unfit.length > 0) throw invalidJourney(unfit)
    await declareWritten(em, workspaceId, undeclared)
    const last = await em.findOne(JourneyVersion, { journeyId }, { orderBy: { number: 'desc' } })
    const version = em.create(JourneyVersion, {
      id: newId(),
      workspaceId,
      journeyId,
      number: (last?.number ?? 0) + 1,
      definition,
      publishedAt: new Date(),
    })
    await em.flush()
    journey.publishedVersionId = version.id
    const { id, number, publishedAt } = version
    return { version: { id, journeyId, number, publishedAt }, warnings: [...references, ...problems] }
  })
}

/** The refusal to publish or to simulate, with every error's card and field. */
export function invalidJourney(problems: FieldProblem[]): AppError {
  const errors = problems.filter(({ severity }) => severity === 'error')
  const first = errors[0]
  const rest = errors.length > 1 ? `, and ${errors.length - 1} more` : ''
  return new AppError('invalid_journey', `${first?.field ?? 'draft'}: ${first?.message}${rest}`, {
    fields: errors.map(({ field, message }) => ({ field, message })),
    details: { problems: errors },
  })
}
