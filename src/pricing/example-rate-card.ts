import type { RateCardInput } from './rate-cards.ts'

/**
 * Numbers that show the shape of a rate card. They are made up, round, and nobody's prices: WhatsApp publishes its own by
 * country and changes them several times a year.
 */
export function exampleRateCard(effectiveFrom: string): RateCardInput {
  const line = (
    country: RateCardInput['rates'][number]['country'],
    marketing: string,
    utility: string,
    authentication: string,
  ) => [
    { country, category: 'marketing' as const, price: marketing },
    { country, category: 'utility' as const, price: utility },
    { country, category: 'authentication' as const, price: authentication },
  ]
  return {
    name: 'Example prices, made up: replace them by those of your contract',
    currency: 'USD',
    effectiveFrom,
    effectiveUntil: null,
    freeInWindow: ['utility', 'service'],
    rates: [
      ...line('IN', '0.01', '0.002', '0.002'),
      ...line('DE', '0.1', '0.05', '0.05'),
      ...line('*', '0.05', '0.01', '0.01'),
    ],
  }
}
