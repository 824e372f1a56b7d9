import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { getJourney } from '../journeys/manage-journeys.ts'
import type { FieldError } from '../model/errors.ts'
import type { CardFate } from '../../workflows/cards/journey-state.ts'
import { loadEdition, type EditionName } from './editions.ts'
import { foresee } from './foresee.ts'
import type { Forecast } from './forecast.ts'
import type { Occupancy } from './occupancy.ts'
import { fatesOf } from './plan.ts'
import { prepareMigration, type MigrationRequest, type Prepared } from './prepare-migration.ts'

interface CardPreview extends Occupancy {
  change: 'unchanged' | 'changed' | 'deleted' | 'renamed' | 'added'
  fate: CardFate
}
export interface MigrationPreview {
  toVersion: number | null
  /** People. */
  moves: number
  stays: number
  exits: number
  cards: CardPreview[]
  problems: FieldError[]
  forecast: Forecast
}

/** What a migration would do to whom, and who would hear of it. Nothing is stored, and nothing is sent. */
export async function previewMigration(
  deps: Deps,
  request: MigrationRequest & { toVersion: EditionName; sample: number },
): Promise<MigrationPreview> {
  const { workspaceId, journeyId, plan, sample } = request
  const em = forkFor(deps.orm, workspaceId)
  const { numberId } = await getJourney(em, journeyId)
  const to = await loadEdition(em, request, request.toVersion)
  const prepared = await prepareMigration(em, request, to)
  const cards = prepared.occupancy.map((occupied) => ({ ...occupied, ...judge(prepared, request, occupied) }))
  const count = (action: CardFate['action']) =>
    cards.filter(({ fate }) => fate.action === action).reduce((sum, { inside }) => sum + inside, 0)
  return {
    toVersion: to.number,
    moves: count('move'),
    stays: count('stay'),
    exits: count('exit'),
    cards,
    problems: prepared.problems,
    forecast: await foresee(deps, {
      ...{ workspaceId, journeyId, numberId, sample },
      ...{ occupancy: prepared.occupancy, sources: prepared.sources, targets: [to] },
      orderOf: async ({ versionId }, card) => {
        const source = prepared.sources.find(({ id }) => id === versionId)
        return source && orderOf(fatesOf(plan, source)[card], to)
      },
    }),
  }
}

function judge(
  { sources }: Prepared,
  { plan }: MigrationRequest,
  { versionId, card }: Occupancy,
): Pick<CardPreview, 'change' | 'fate'> {
  const source = sources.find(({ id }) => id === versionId)
  const change = source?.diff.cards.find((each) => each.card === card)?.change ?? 'unchanged'
  const same: CardFate = { action: 'move', card, timing: 'keep-elapsed' }
  return { change, fate: (source && fatesOf(plan, source)[card]) ?? same }
}

function orderOf(fate: CardFate | undefined, { id, number, definition }: Prepared['to']) {
  if (fate?.action === 'stay') return undefined
  if (fate?.action === 'exit') return fate
  const version = { id: id ?? 'draft', number: number ?? 0 }
  const { card, timing } = fate ?? { card: undefined, timing: 'keep-elapsed' as const }
  return { action: 'migrate' as const, version, definition, card, timing }
}
