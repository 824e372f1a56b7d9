import { z } from 'zod'
import type { MessageClass } from './message.ts'

/**
 * What a person may agree to or refuse. Everything else we say in an open chat is service: it needs no consent, and only
 * somebody who refused all three categories (who "said stop") is left in peace altogether.
 */
export const consentCategories = ['marketing', 'utility', 'authentication'] as const
export type ConsentCategory = (typeof consentCategories)[number]
export const consentScopeSchema = z.enum([...consentCategories, 'all'])
/** One category, or all at once. */
export type ConsentScope = z.infer<typeof consentScopeSchema>
export const consentStates = ['opted_in', 'opted_out'] as const
export type ConsentState = (typeof consentStates)[number]

/** What somebody has refused; nothing when nothing was ever said. */
export interface Refused {
  everything: boolean
  categories: ConsentCategory[]
}

export function categoriesOf(scope: ConsentScope): ConsentCategory[] {
  return scope === 'all' ? [...consentCategories] : [scope]
}

/**
 * What a message counts as. A template is what WhatsApp calls it, also in a journey of another class; one whose category
 * is not known, and any other message, goes by its class.
 */
export function categoryOfMessage(message: {
  class: MessageClass
  isTemplate: boolean
  templateCategory?: string | null | undefined
}): ConsentCategory | 'service' {
  const known = consentCategories.find((each) => each === message.templateCategory?.toLowerCase())
  if (message.isTemplate && known) return known
  if (message.class === 'marketing') return 'marketing'
  return message.isTemplate ? 'utility' : 'service'
}

/** Why a message of this category may not go to somebody, if so. */
export function consentRefusal(refused: Refused, category: ConsentCategory | 'service'): string | undefined {
  if (refused.everything) return 'the contact has opted out'
  const isRefused = category !== 'service' && refused.categories.includes(category)
  return isRefused ? `the contact has opted out of ${category} messages` : undefined
}
