import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import { passLaunchGate, type Override } from '../simulation/launch-gate.ts'
import { demandRevision } from './edit-journey.ts'
import { Journey, JourneyVersion } from './entities.ts'
import { freezeDraft } from './freeze-draft.ts'
import { checkSurroundings } from './judge-draft.ts'
import { checkJourney, type FieldProblem } from './validate-journey.ts'
import { declareWritten } from './written-attributes.ts'

export interface Published {
  version: { id: string; journeyId: string; number: number; publishedAt: Date }
  warnings: FieldProblem[]
}

/** Freezes the draft as the next version, with its defaults filled in. New runs take it; runs inside keep theirs. */
export async function publishJourney(
  deps: Pick<Deps, 'orm' | 'scripts'>,
  input: {
    workspaceId: string
    journeyId: string
    /** Of the draft that was looked at. */
    revision?: number | undefined
    /** Declares the contact attributes that its cards set and nobody has declared, with the cards' types. */
    declareAttributes?: boolean | undefined
    /** Publishes although assertions do not hold; kept with the version. */
    override?: { reason: string; by: string } | undefined
    /** What else is to happen in the same transaction; what it throws keeps the version from being there. */
    also?: (em: Em, version: { id: string; number: number; definition: JourneyDefinition }) => Promise<void>
  },
): Promise<Published> {
  const { workspaceId, journeyId, declareAttributes = false, override, also } = input
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    // One at a time a journey, so that numbers follow one another.
    await em.execute('select id from journeys where id = ? and workspace_id = ? for update', [
      journeyId,
      workspaceId,
    ])
    const journey = await em.findOne(Journey, { id: journeyId, deletedAt: null })
    if (!journey) throw new AppError('not_found', `journey ${journeyId} does not exist`)
    await demandRevision(em, journey, input.revision)
    const { problems, definition } = checkJourney(await freezeDraft(em, journey, journey.draft))
    if (!definition) throw invalidJourney(problems)
    const { references, undeclared, misnamed } = await checkSurroundings(em, workspaceId, definition)
    const missing = references.filter(({ severity }) => severity === 'error')
    const unfit = [...missing, ...misnamed, ...(declareAttributes ? [] : undeclared)]
    if (unfit.length > 0) throw invalidJourney(unfit)
    const gate = { workspaceId, journeyId, numberId: journey.numberId, definition, override }
    const overridden = await passLaunchGate(em, { ...gate, scripts: deps.scripts })
    await declareWritten(em, workspaceId, undeclared)
    const last = await em.findOne(JourneyVersion, { journeyId }, { orderBy: { number: 'desc' } })
    const version = em.create(JourneyVersion, {
      id: newId(),
      workspaceId,
      journeyId,
      number: (last?.number ?? 0) + 1,
      definition,
      overridden: overridden ?? null,
      publishedAt: new Date(),
    })
    await em.flush()
    if (overridden) await recordOverride(em, { workspaceId, journeyId, number: version.number, overridden })
    journey.publishedVersionId = version.id
    await em.flush()
    const { id, number, publishedAt } = version
    await also?.(em, { id, number, definition })
    return { version: { id, journeyId, number, publishedAt }, warnings: [...references, ...problems] }
  })
}

/** Somebody answers for what the simulator says is wrong. */
async function recordOverride(
  em: Em,
  input: { workspaceId: string; journeyId: string; number: number; overridden: Override },
): Promise<void> {
  const { workspaceId, journeyId, number, overridden } = input
  const { reason, by, failing } = overridden
  const assertions = failing.map(({ name }) => name)
  const data = { journey: journeyId, version: number, reason, by, assertions }
  await recordFacts(em, workspaceId, [{ id: newId(), atMs: Date.now(), kind: 'assertions.overridden', data }])
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
