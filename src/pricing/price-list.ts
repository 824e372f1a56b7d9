import type { ConsentCategory } from '../model/consent.ts'

/** What a message counts as when it is paid for. */
export type PriceCategory = ConsentCategory | 'service'

/** What messages cost from a day on, as somebody has entered it: WhatsApp has no API that tells. */
export interface RateCard {
  id: string
  name: string
  currency: string
  /** ISO instants; the card with the latest beginning counts. */
  effectiveFrom: string
  effectiveUntil: string | null
  /** Categories that cost nothing while the 24-hour window is open. */
  freeInWindow: PriceCategory[]
  /** `*` is every country that has no line of its own. Prices are decimals of the currency's whole unit. */
  rates: { country: string; category: PriceCategory; price: string }[]
}

export type Price = { rateCardId: string; currency: string; micros: number } | 'free' | 'unknown'

/** Decimals that sums are exact to: millionths of the whole unit. */
const microsPerUnit = 1_000_000

export interface PriceList {
  priceOf(message: { atMs: number; country: string; category: PriceCategory; windowOpen: boolean }): Price
}

export function createPriceList(cards: RateCard[]): PriceList {
  const ordered = cards
    .map((card) => ({
      card,
      fromMs: Date.parse(card.effectiveFrom),
      untilMs: card.effectiveUntil === null ? Number.POSITIVE_INFINITY : Date.parse(card.effectiveUntil),
      prices: new Map(
        card.rates.map(({ country, category, price }) => [`${country} ${category}`, toMicros(price)]),
      ),
    }))
    .toSorted((a, b) => b.fromMs - a.fromMs)
  return {
    priceOf({ atMs, country, category, windowOpen }) {
      const found = ordered.find(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs)
      if (!found) return category === 'service' ? 'free' : 'unknown'
      if (windowOpen && found.card.freeInWindow.includes(category)) return 'free'
      const micros = found.prices.get(`${country} ${category}`) ?? found.prices.get(`* ${category}`)
      if (micros === undefined) return 'unknown'
      return { rateCardId: found.card.id, currency: found.card.currency, micros }
    },
  }
}

/** Exact for six decimals, which the schema of rate cards demands. */
export function toMicros(price: string): number {
  return Math.round(Number(price) * microsPerUnit)
}

/** `12.345600` of 12,345,600 millionths, without zeros at the end beyond cents. */
export function sayMicros(micros: number): string {
  const whole = Math.floor(micros / microsPerUnit)
  const fraction = String(micros % microsPerUnit).padStart(6, '0')
  return `${whole}.${fraction.slice(0, 2)}${fraction.slice(2).replace(/0+$/, '')}`
}
