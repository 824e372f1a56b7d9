import { z } from 'zod'

const minutes = z
  .int()
  .min(1)
  .max(30 * 24 * 60)

/** How long a person keeps a chat that was taken over without a word about it. */
export const takeoverSettingsSchema = z
  .strictObject({
    onMessage: z.boolean().default(true).meta({
      description: 'a message of an agent takes the chat over, also one typed on the phone',
    }),
    minutesAfterMessage: minutes.nullable().default(60).meta({
      description: 'handed back by itself so long after the last message of an agent; null: never',
    }),
    minutesAfterTyping: minutes.default(2).meta({ description: 'typing holds the chat for so long' }),
  })
  .meta({ id: 'TakeoverSettings' })
export type TakeoverSettings = z.output<typeof takeoverSettingsSchema>
