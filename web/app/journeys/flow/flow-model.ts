import type { JsonObject } from '../../../../src/model/json.ts'
import type { CardType, DraftCard, Outlet, Problem, ReportCard } from '../../api/journey-shapes.ts'
import { cardsOf, inFlowOrder } from './edit-draft.ts'
import type { Way } from './lay-out-flow.ts'

/** What the drawing and the list of cards show of a definition. */
export interface Flow {
  ids: string[]
  cards: Record<string, DraftCard>
  types: Map<string, CardType>
  problems: Problem[]
  outletsOf(id: string): Outlet[]
  waysOf(id: string): Omit<Way, 'isBack' | 'from'>[]
  numbersOf(id: string): ReportCard | undefined
  problemsOf(id: string): Problem[]
}

export function readFlow(
  definition: JsonObject,
  known: {
    types: CardType[]
    outlets: Record<string, Outlet[]>
    problems: Problem[]
    report: ReportCard[]
  },
): Flow {
  const cards = cardsOf(definition)
  const types = new Map(known.types.map((each) => [each.type, each]))
  const report = new Map(known.report.map((each) => [each.cardId, each]))
  const outletsOf = (id: string): Outlet[] => {
    const own = known.outlets[id] ?? types.get(cards[id]?.type ?? '')?.outlets ?? []
    const named = Object.keys(cards[id]?.next ?? {}).filter((outlet) =>
      own.every((each) => each.id !== outlet),
    )
    return [...own, ...named.map((outlet) => ({ id: outlet, label: outlet }))]
  }
  return {
    ids: inFlowOrder(definition),
    cards,
    types,
    problems: known.problems,
    outletsOf,
    waysOf: (id) => {
      const targetOf = (outlet: Outlet) => cards[id]?.next[outlet.id] ?? jumpOf(cards[id]) ?? null
      const byTarget = Map.groupBy(outletsOf(id), targetOf)
      const jump = outletsOf(id).length === 0 ? jumpOf(cards[id]) : undefined
      if (jump !== undefined) return [{ target: jump, outlets: [{ id: '', label: 'Goes to' }] }]
      return [...byTarget].map(([target, outlets]) => ({ target, outlets }))
    },
    numbersOf: (id) => report.get(id),
    problemsOf: (id) => known.problems.filter(({ card }) => card === id),
  }
}

/** A go-to card leads on without a connection. */
function jumpOf(card: DraftCard | undefined): string | undefined {
  const target = card?.type === 'go-to' ? card.settings['card'] : undefined
  return typeof target === 'string' ? target : undefined
}
