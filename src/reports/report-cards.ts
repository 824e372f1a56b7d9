import { cards as registry } from '../../workflows/cards/index.ts'
import type { Deps } from '../deps.ts'
import type { JourneyCard, JourneyDefinition } from '../model/journey-definition.ts'
import { loadTally, type CountFilter, type Tally } from './load-counts.ts'
import { quantileMs } from './spent-time.ts'

/** What became of those who came to a card. `waiting` is always now. */
export interface CardReport {
  cardId: string
  /** Null of a card that is not in the version shown. */
  type: string | null
  title: string | null
  entered: number
  /** Came with their run's move from another version. */
  movedIn: number
  left: { outlet: string; label: string; count: number }[]
  /** Went on by nobody's outlet: by hand, or with their run's version. */
  moved: number
  /** Their run ended here. */
  ended: number
  waiting: number
  failed: { code: string; count: number }[]
  medianMs: number | null
  p90Ms: number | null
}

/** Every card of the version, then those of others that somebody came to. */
export async function reportCards(
  deps: Pick<Deps, 'orm'>,
  filter: CountFilter,
  cards: JourneyDefinition['cards'],
): Promise<CardReport[]> {
  const { from, to, ...always } = filter
  const ever = await loadTally(deps, always)
  const ranged = from === undefined && to === undefined ? ever : await loadTally(deps, filter)
  const known = Object.keys(cards)
  const gone = cardsOf(ever).filter((id) => !known.includes(id))
  return [...known, ...gone].map((id) => cardReport(id, cards[id], ranged, ever))
}

/** Of all metrics only these are about cards of any kind. */
function cardsOf(tally: Tally): string[] {
  return tally.cardIds().filter((id) => tally.total('card-entered', id) + tally.total('card-came', id) > 0)
}

function cardReport(cardId: string, node: JourneyCard | undefined, tally: Tally, ever: Tally): CardReport {
  const labels = new Map(outletsOf(node))
  const times = new Map(tally.byDetail('card-time', cardId).map(({ detail, n }) => [Number(detail), n]))
  return {
    cardId,
    type: node?.type ?? null,
    title: node?.title ?? null,
    entered: tally.total('card-entered', cardId),
    movedIn: tally.total('card-came', cardId),
    left: tally
      .byDetail('card-left', cardId)
      .map(({ detail, n }) => ({ outlet: detail, label: labels.get(detail) ?? detail, count: n })),
    moved: tally.total('card-moved', cardId),
    ended: tally.total('ended-at', cardId),
    waiting: waitingAt(cardId, ever),
    failed: tally.byDetail('card-failed', cardId).map(({ detail, n }) => ({ code: detail, count: n })),
    medianMs: quantileMs(times, 0.5) ?? null,
    p90Ms: quantileMs(times, 0.9) ?? null,
  }
}

function waitingAt(cardId: string, ever: Tally): number {
  const came = ever.total('card-entered', cardId) + ever.total('card-came', cardId)
  const went = ['card-left', 'card-moved', 'ended-at'].map((metric) => ever.total(metric, cardId))
  return went.reduce((rest, n) => rest - n, came)
}

function outletsOf(node: JourneyCard | undefined): [string, string][] {
  const card = node && registry[node.type]
  return card ? card.outlets(node.settings).map(({ id, label }) => [id, label]) : []
}
