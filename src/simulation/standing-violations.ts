import type { JourneyDefinition } from '../model/journey-definition.ts'
import { cards as registry } from '../../workflows/cards/index.ts'
import { checkJourney } from '../journeys/validate-journey.ts'
import type { Surroundings } from './audience-order.ts'
import type { SimulatedTemplates } from './simulated-templates.ts'
import type { Violation } from './violations.ts'

type Standing = Pick<Violation, 'kind' | 'severity' | 'card' | 'message'>

/** What is wrong whoever comes: cards that no way leads to, templates that may not be sent, prices that nobody has entered. */
export function findStandingViolations(
  definition: JourneyDefinition,
  { rateCards, templates }: Pick<Surroundings, 'rateCards'> & { templates: SimulatedTemplates },
): Standing[] {
  const lost = checkJourney(definition)
    .problems.filter(({ field, card }) => card !== undefined && field === `cards.${card}`)
    .map(({ card, message }) => ({
      kind: 'unreachable_card',
      severity: 'error' as const,
      card: card ?? null,
      message,
    }))
  const unsent = listSentTemplates(definition).flatMap(({ card, name }) => {
    const [language = 'in any language'] = templates.languagesOf(name)
    const refusal = templates.refusalOf(name, language)
    if (!refusal) return []
    return { kind: refusal.code, severity: 'error' as const, card, message: refusal.reason }
  })
  const message = 'there is no rate card: enter one to see what templates cost'
  const unpriced =
    rateCards.length > 0 ? [] : [{ kind: 'no_rate_card', severity: 'warning' as const, card: null, message }]
  return [...lost, ...unsent, ...unpriced]
}

/** What the cards of a journey send that WhatsApp must have approved. */
export function listSentTemplates({ cards }: JourneyDefinition): { card: string; name: string }[] {
  return Object.entries(cards).flatMap(([card, { type, settings }]) =>
    (registry[type]?.refers?.(settings) ?? []).flatMap((reference) =>
      reference.kind === 'template' ? [{ card, name: reference.name }] : [],
    ),
  )
}
