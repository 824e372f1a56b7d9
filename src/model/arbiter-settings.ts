import { z } from 'zod'
import { consentCategories } from './consent.ts'
import { durationMs, durationSchema, localTime, validZone, weekdays } from './schedule.ts'

/** What a message counts as for the arbiter: WhatsApp's categories, and what is said in an open chat. */
export const arbiterCategories = [...consentCategories, 'service'] as const
export type ArbiterCategory = (typeof arbiterCategories)[number]
export const arbiterCategorySchema = z.enum(arbiterCategories)

const categories = z.array(arbiterCategorySchema).min(1).max(arbiterCategories.length)
const maximumWindowMs = 90 * 86_400_000
const bounded = durationSchema.refine((duration) => durationMs(duration) <= maximumWindowMs, {
  message: 'must be at most 90 days',
})

const capSchema = z.strictObject({
  categories: categories.meta({ description: 'they are counted together' }),
  maximum: z.int().min(0).max(1_000).meta({ description: '0: never' }),
  window: bounded.meta({ description: 'rolling: looks back from the moment of the message' }),
})
export type ArbiterCap = z.output<typeof capSchema>

const quietHoursSchema = z
  .strictObject({
    from: localTime.meta({ example: '21:00' }),
    to: localTime.meta({ example: '09:00' }),
    days: z.array(z.enum(weekdays)).max(6).default([]).meta({ description: 'quiet all day' }),
    categories: categories.default(['marketing']),
  })
  .refine(({ from, to }) => from !== to, { message: 'must differ from `from`', path: ['to'] })
export type QuietHours = z.output<typeof quietHoursSchema>

/** How often, when and in which order we write to one person of our own accord, whatever number or journey it comes from. */
export const arbiterSettingsSchema = z
  .strictObject({
    caps: z.array(capSchema).max(20).default([]),
    minimumGap: z
      .strictObject({
        duration: bounded,
        categories: categories.default(['marketing', 'utility', 'service']),
      })
      .nullable()
      .default(null)
      .meta({ description: 'time between two messages to one person' }),
    quietHours: quietHoursSchema.nullable().default(null).meta({
      description:
        "in the contact's time zone; else the one of the phone number's country, the workspace's, or UTC",
    }),
    replyWins: z
      .strictObject({ within: bounded, categories: categories.default(['marketing']) })
      .nullable()
      .default(null)
      .meta({ description: 'who wrote to us just now is not interrupted' }),
    timeZone: z
      .string()
      .refine((zone) => validZone(zone) !== undefined, 'must be a time zone like Asia/Kolkata')
      .nullable()
      .default(null)
      .meta({ description: 'of the workspace', example: 'Asia/Kolkata' }),
    expireAfter: bounded
      .default({ amount: 3, unit: 'days' })
      .meta({ description: 'a message that would have to wait longer is not sent at all' }),
  })
  .meta({ id: 'ArbiterSettings' })
export type ArbiterSettings = z.output<typeof arbiterSettingsSchema>

/** As far back as the caps and the gap look. */
export function longestWindowMs({ caps, minimumGap }: ArbiterSettings): number {
  const windows = caps.map(({ window }) => durationMs(window))
  return Math.max(0, ...windows, minimumGap ? durationMs(minimumGap.duration) : 0)
}
