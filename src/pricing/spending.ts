import { sayMicros, type PriceCategory, type PriceList } from './price-list.ts'

export interface SpendingLine {
  category: PriceCategory
  country: string
  messages: number
  /** Decimal of the currency's whole unit. */
  cost: string
}
export interface Spending {
  currencies: { currency: string; total: string; lines: SpendingLine[] }[]
  /** Messages that cost nothing by the rate card. */
  free: number
  /** Messages that no rate card has a price for: their cost is not in the totals. */
  unpriced: { category: PriceCategory; country: string; messages: number }[]
}

interface Line {
  category: PriceCategory
  country: string
  messages: number
  micros: number
}

/** Adds up what messages cost, by currency, category and country. */
export function createSpending(prices: PriceList) {
  const lines = new Map<string, Map<string, Line>>()
  const unpriced = new Map<string, Line>()
  let free = 0

  function addTo(group: Map<string, Line>, category: PriceCategory, country: string, micros: number): void {
    const key = `${category} ${country}`
    const line = group.get(key) ?? { category, country, messages: 0, micros: 0 }
    line.messages += 1
    line.micros += micros
    group.set(key, line)
  }

  return {
    add(message: Parameters<PriceList['priceOf']>[0]): void {
      const price = prices.priceOf(message)
      const { category, country } = message
      if (price === 'free') free += 1
      else if (price === 'unknown') addTo(unpriced, category, country, 0)
      else {
        const group = lines.get(price.currency) ?? new Map<string, Line>()
        lines.set(price.currency, group)
        addTo(group, category, country, price.micros)
      }
    },
    result: (): Spending => ({
      currencies: [...lines].map(([currency, group]) => ({
        currency,
        total: sayMicros([...group.values()].reduce((sum, { micros }) => sum + micros, 0)),
        lines: ordered(group).map(({ micros, ...line }) => ({ ...line, cost: sayMicros(micros) })),
      })),
      free,
      unpriced: ordered(unpriced).map(({ micros: _, ...line }) => line),
    }),
  }
}

function ordered(group: Map<string, Line>): Line[] {
  return [...group.values()].toSorted((a, b) => b.micros - a.micros || b.messages - a.messages)
}
