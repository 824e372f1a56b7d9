import type { TemplateCategory } from '../model/template-components.ts'
import { accountStarters } from './library/accounts.ts'
import { appointmentStarters } from './library/appointments.ts'
import { authenticationStarters } from './library/authentication.ts'
import { campaignStarters } from './library/campaigns.ts'
import { offerStarters } from './library/offers.ts'
import { orderStarters } from './library/orders.ts'
import { paymentStarters } from './library/payments.ts'
import { productStarters } from './library/products.ts'
import { requestStarters } from './library/requests.ts'
import { type Starter, toText } from './library/starter.ts'

/** Ready-made templates, most wanted first. */
export const starters: readonly Starter[] = [
  ...orderStarters,
  ...appointmentStarters,
  ...paymentStarters,
  ...accountStarters,
  ...requestStarters,
  ...campaignStarters,
  ...productStarters,
  ...offerStarters,
  ...authenticationStarters,
]

export function findStarter(id: string): Starter | undefined {
  return starters.find((one) => one.id === id)
}

/** Starters that hold every word of a search: in title, use case, name or any language's texts. */
export function searchLibrary(wish: {
  search?: string | undefined
  category?: TemplateCategory | undefined
  language?: string | undefined
}): Starter[] {
  const words = (wish.search ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  return starters.filter(
    (one) =>
      (wish.category ?? one.category) === one.category &&
      (wish.language === undefined || Object.hasOwn(one.texts, wish.language)) &&
      words.every((word) => wordsOf(one).includes(word)),
  )
}

const known = new WeakMap<Starter, string>()

function wordsOf(starter: Starter): string {
  const { id, title, useCase, category, texts } = starter
  const made = known.get(starter)
  if (made !== undefined) return made
  const bodies = Object.values(texts)
    .map(toText)
    .map(({ header = '', body }) => `${header} ${body}`)
  const words = [id, title, useCase, category, ...bodies].join(' ').toLowerCase()
  known.set(starter, words)
  return words
}
