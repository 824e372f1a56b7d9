import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import type { JsonObject } from '../model/json.ts'
import type { Outlet } from '../../workflows/cards/card.ts'
import { cards as registry } from '../../workflows/cards/index.ts'
import { checkCardReferences } from './card-references.ts'
import { freezeDraft } from './freeze-draft.ts'
import { getJourney } from './manage-journeys.ts'
import { checkTriggerReferences } from './trigger-references.ts'
import { checkJourney, type FieldProblem } from './validate-journey.ts'
import { checkWrittenAttributes } from './written-attributes.ts'

/** What is wrong with a journey's draft, or with another definition in its place, and the ways out of its cards. */
export async function judgeDraft(
  deps: Pick<Deps, 'orm'>,
  {
    workspaceId,
    journeyId,
    draft,
  }: { workspaceId: string; journeyId: string; draft?: JsonObject | undefined },
): Promise<{ valid: boolean; problems: FieldProblem[]; outlets: Record<string, Outlet[]> }> {
  const em = forkFor(deps.orm, workspaceId)
  const journey = await getJourney(em, journeyId)
  const frozen = await freezeDraft(em, journey, draft ?? journey.draft)
  const { definition, problems: found } = checkJourney(frozen)
  const around = definition && (await checkSurroundings(em, workspaceId, definition))
  const problems = [
    ...(around ? [...around.references, ...around.misnamed, ...around.undeclared] : []),
    ...found,
  ]
  const valid = problems.every(({ severity }) => severity !== 'error')
  return { valid, problems, outlets: listOutlets(frozen['cards']) }
}

/** What a journey names of its workspace's: triggers, cards, and the attributes that it writes. */
export async function checkSurroundings(em: Em, workspaceId: string, definition: JourneyDefinition) {
  const written = await checkWrittenAttributes(em, workspaceId, definition)
  const references = [
    ...(await checkTriggerReferences(em, workspaceId, definition)),
    ...(await checkCardReferences(em, workspaceId, definition)),
  ]
  return { references, ...written }
}

/** By card, of those whose settings are right: what leads out of others is not known yet. */
function listOutlets(cards: unknown): Record<string, Outlet[]> {
  const entries = typeof cards === 'object' && cards !== null ? Object.entries(cards) : []
  return Object.fromEntries(
    entries.flatMap(([id, node]: [string, unknown]): [string, Outlet[]][] => {
      if (typeof node !== 'object' || node === null || !('type' in node)) return []
      const type = String(node.type)
      const card = Object.hasOwn(registry, type) ? registry[type] : undefined
      const settings = card?.settings.safeParse('settings' in node ? node.settings : {})
      return card && settings?.success ? [[id, card.outlets(settings.data)]] : []
    }),
  )
}
