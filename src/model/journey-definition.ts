import { z } from 'zod'
import { messageClassSchema } from './message.ts'
import { triggerSchema } from './triggers.ts'

const cardId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, - or _')

/** Who may enter, and how often. Enforced under a lock on the contact, so that a double message starts once. */
export const entryRuleSchema = z.object({
  reentry: z.enum(['always', 'while-not-inside', 'once', 'every-n-days']).default('while-not-inside'),
  days: z.number().int().min(1).max(3650).optional(),
  maximumPerDay: z.number().int().min(1).optional(),
})
export type EntryRule = z.infer<typeof entryRuleSchema>

export const journeyCardSchema = z.object({
  type: z.string(),
  title: z.string().max(200).optional(),
  settings: z.record(z.string(), z.unknown()).default({}),
  /** Outlet -> the card it leads to; an outlet without an entry ends the run. */
  next: z.record(z.string(), cardId.nullable()).default({}),
  position: z.object({ x: z.number(), y: z.number() }).optional(),
})
export type JourneyCard = z.infer<typeof journeyCardSchema>

export const journeyDefinitionSchema = z
  .object({
    start: cardId,
    cards: z.record(cardId, journeyCardSchema).refine((cards) => Object.keys(cards).length <= 1_000, {
      message: 'a journey has at most 1,000 cards',
    }),
    triggers: z.array(triggerSchema).max(50).default([]),
    entry: entryRuleSchema.prefault({}),
    messageClass: messageClassSchema.default('utility'),
  })
  .meta({ id: 'JourneyDefinition' })
export type JourneyDefinition = z.infer<typeof journeyDefinitionSchema>
