import type { JourneyDefinition } from '../model/journey-definition.ts'
import { checkJourney } from '../journeys/validate-journey.ts'
import type { Surroundings } from './audience-order.ts'
import type { Violation } from './violations.ts'

type Standing = Pick<Violation, 'kind' | 'severity' | 'card' | 'message'>

/** What is wrong whoever comes: cards that no way leads to, and prices that nobody has entered. */
export function findStandingViolations(
  definition: JourneyDefinition,
  { rateCards }: Pick<Surroundings, 'rateCards'>,
): Standing[] {
  const lost = checkJourney(definition)
    .problems.filter(({ field, card }) => card !== undefined && field === `cards.${card}`)
    .map(({ card, message }) => ({
      kind: 'unreachable_card',
      severity: 'error' as const,
      card: card ?? null,
      message,
    }))
  const message = 'there is no rate card: enter one to see what templates cost'
  const unpriced =
    rateCards.length > 0 ? [] : [{ kind: 'no_rate_card', severity: 'warning' as const, card: null, message }]
  return [...lost, ...unpriced]
}
