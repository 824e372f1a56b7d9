import type { Deps } from '../deps.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import { loadTally, type CountFilter } from './load-counts.ts'

const reactions = ['sent', 'delivered', 'read', 'clicked', 'replied'] as const

/** What became of the messages of a card. Rates are of those sent. */
export interface MessageReport extends Record<(typeof reactions)[number], number> {
  cardId: string
  type: string | null
  title: string | null
  deliveredRate: number | null
  readRate: number | null
  clickedRate: number | null
  repliedRate: number | null
  /** Refused by us or by WhatsApp, and not sent by a later try. */
  failed: { code: string; count: number }[]
}

/** Every card that has sent anything or tried to. */
export async function reportMessages(
  deps: Pick<Deps, 'orm'>,
  filter: CountFilter,
  cards: JourneyDefinition['cards'],
): Promise<MessageReport[]> {
  const tally = await loadTally(deps, filter)
  const order = new Map(Object.keys(cards).map((id, at) => [id, at]))
  const place = (id: string) => order.get(id) ?? order.size
  return tally
    .cardIds()
    .filter((id) => tally.total('sent', id) > 0 || tally.byDetail('unsent', id).length > 0)
    .sort((a, b) => place(a) - place(b))
    .map((cardId) => {
      const [sent = 0, delivered = 0, read = 0, clicked = 0, replied = 0] = reactions.map((metric) =>
        tally.total(metric, cardId),
      )
      const rate = (part: number) => (sent > 0 ? part / sent : null)
      const node = cards[cardId]
      return {
        ...{ cardId, type: node?.type ?? null, title: node?.title ?? null },
        ...{ sent, delivered, read, clicked, replied },
        ...{ deliveredRate: rate(delivered), readRate: rate(read) },
        ...{ clickedRate: rate(clicked), repliedRate: rate(replied) },
        failed: tally.byDetail('unsent', cardId).map(({ detail, n }) => ({ code: detail, count: n })),
      }
    })
}
