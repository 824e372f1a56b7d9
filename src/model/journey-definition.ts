import { z } from 'zod'
import { conditionSchema } from './conditions.ts'
import { messageClassSchema } from './message.ts'
import { durationSchema, validZone } from './schedule.ts'
import { triggerSchema } from './triggers.ts'

const isZone = (zone: string) => validZone(zone) !== undefined
const cardId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, - or _')

/** Who may enter, and how often. Enforced under a lock on the contact, so that a double message starts once. */
export const entryRuleSchema = z.object({
  reentry: z
    .enum(['always', 'while-not-inside', 'once', 'every-n-days'])
    .default('while-not-inside')
    .meta({ title: 'How often one may enter' }),
  days: z.number().int().min(1).max(3650).optional().meta({ title: 'Days between two entries' }),
  maximumPerDay: z.number().int().min(1).optional().meta({ title: 'Entries a day, at most' }),
  /** Where the day of `maximumPerDay` begins; UTC when absent. */
  timeZone: z.string().max(100).refine(isZone, 'must be a time zone like Asia/Kolkata').optional(),
  /** Contacts inside at the same time. */
  maximumInside: z
    .number()
    .int()
    .min(1)
    .optional()
    .meta({ title: 'Contacts inside at the same time, at most' }),
  /**
   * Attribute of the event that names the entry (`orderId`): a later event with the same value reaches the same run, and
   * does not start another. `while-not-inside` is then judged by value; `once` and `every-n-days` are by contact.
   */
  eventKey: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .meta({ title: 'Attribute of the event that tells entries apart', description: 'e.g. order_id' }),
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

/** What a run does when an agent hands the chat back. */
const afterTakeoverSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('continue') }),
  z.object({ action: z.literal('repeat') }),
  z.object({ action: z.literal('goto'), card: cardId.meta({ widget: 'card' }) }),
  z.object({ action: z.literal('exit') }),
])

export const journeyDefinitionSchema = z
  .object({
    start: cardId,
    cards: z.record(cardId, journeyCardSchema).refine((cards) => Object.keys(cards).length <= 1_000, {
      message: 'a journey has at most 1,000 cards',
    }),
    triggers: z.array(triggerSchema).max(50).default([]),
    entry: entryRuleSchema.prefault({}).meta({ title: 'Who may enter, and how often' }),
    messageClass: messageClassSchema.default('utility'),
    /** Between senders that wait for the same contact: 1 goes first, 9 last. */
    priority: z.number().int().min(1).max(9).default(5).meta({ title: 'Priority: 1 goes first, 9 last' }),
    /** Another journey asks this contact something: wait until it has its answer, or leave by `interrupted`. */
    whenInterrupted: z
      .enum(['wait', 'leave'])
      .default('wait')
      .meta({ title: 'When another journey asks the same contact' }),
    afterTakeover: afterTakeoverSchema
      .default({ action: 'continue' })
      .meta({ title: 'When an agent hands the chat back' }),
    /** What becomes of a stuck run that nobody resolves; without it, it waits for ever. */
    whenStuck: z
      .object({ after: durationSchema, action: z.enum(['retry', 'skip', 'exit']) })
      .optional()
      .meta({ title: 'Do something about a stuck run that nobody resolves' }),
    /** Reached when the contact does this within the time after entering, inside the journey or out of it. */
    goal: z
      .object({
        event: z.string().min(1).max(100),
        condition: conditionSchema.optional(),
        within: durationSchema,
      })
      .optional(),
  })
  .meta({ id: 'JourneyDefinition' })
export type JourneyDefinition = z.infer<typeof journeyDefinitionSchema>
