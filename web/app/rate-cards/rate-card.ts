/** What messages cost from a day on, as the API has it. */
export interface RateCard {
  id: string
  name: string
  currency: string
  effectiveFrom: string
  effectiveUntil: string | null
  freeInWindow: string[]
  rates: { country: string; category: string; price: string }[]
  example: boolean
  by: string
  updatedAt: string
}

export const categories = ['marketing', 'utility', 'authentication', 'service']

/** A country with its prices by category; what has none is left out of the card. */
export interface PriceLine {
  country: string
  prices: Record<string, string>
}

export type EditedRateCard = Omit<RateCard, 'id' | 'rates' | 'example' | 'by' | 'updatedAt'> & {
  lines: PriceLine[]
}

export function toEdited({ rates, ...card }: RateCard): EditedRateCard {
  const byCountry = Map.groupBy(rates, ({ country }) => country)
  const lines = [...byCountry].map(([country, found]) => ({
    country,
    prices: Object.fromEntries(found.map(({ category, price }) => [category, price])),
  }))
  const { name, currency, effectiveFrom, effectiveUntil, freeInWindow } = card
  return { name, currency, effectiveFrom, effectiveUntil, freeInWindow, lines }
}

/** As the API takes it. */
export function fromEdited({ lines, ...card }: EditedRateCard) {
  const rates = lines.flatMap(({ country, prices }) =>
    categories.flatMap((category) => {
      const price = prices[category]?.trim() ?? ''
      return price === '' ? [] : [{ country: country.trim().toUpperCase(), category, price }]
    }),
  )
  return { ...card, rates }
}

export function startRateCard(): EditedRateCard {
  return {
    name: '',
    currency: 'USD',
    effectiveFrom: new Date().toISOString(),
    effectiveUntil: null,
    freeInWindow: ['utility', 'service'],
    lines: [{ country: '*', prices: {} }],
  }
}

/** Which line and category the API's `rates.3.price` is about: the empty ones are not sent. */
export function placeOf({ lines }: EditedRateCard, field: string): string | undefined {
  const at = /^rates\.(\d+)/.exec(field)?.[1]
  if (at === undefined) return undefined
  const sent = lines.flatMap(({ country, prices }) =>
    categories.flatMap((category) => ((prices[category]?.trim() ?? '') === '' ? [] : [[country, category]])),
  )
  return sent[Number(at)]?.join(', ')
}
