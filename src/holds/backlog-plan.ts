import { z } from 'zod'

const hours = z
  .number()
  .gt(0)
  .max(24 * 90)

/** What becomes of those who stand at a pause, and of those who wait at its door, when it is lifted. */
export const backlogPlanSchema = z
  .discriminatedUnion('how', [
    z.strictObject({ how: z.literal('all') }),
    z
      .strictObject({ how: z.literal('newest-only') })
      .meta({ description: 'of each contact the one that fell due last goes on; the others exit' }),
    z.strictObject({ how: z.literal('spread'), hours }).meta({ description: 'in even steps over the hours' }),
    z
      .strictObject({ how: z.literal('drop-older-than'), hours })
      .meta({ description: 'what has been due for longer exits; the rest goes on' }),
    z
      .strictObject({ how: z.literal('re-enter-at'), card: z.string().min(1).max(64) })
      .meta({ description: 'all of them go on at this card of the journey' }),
  ])
  .meta({ id: 'BacklogPlan' })
export type BacklogPlan = z.output<typeof backlogPlanSchema>
