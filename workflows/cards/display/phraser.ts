import { z } from 'zod'
import { CardFailure, defineCard, failed, next } from '../card.ts'
import { text } from '../message-parts.ts'

/** Says the same in other words each time, so that a contact never hears one phrasing twice in a row. */
export const phraser = defineCard({
  type: 'phraser',
  group: 'display',
  label: 'Phraser',
  icon: 'phrases',
  settings: z.object({
    phrasings: z
      .array(text(4_096).meta({ widget: 'textarea' }))
      .min(2)
      .max(20)
      .meta({ title: 'Phrasings' }),
    mode: z.enum(['random', 'round-robin']).default('random').meta({ title: 'Which comes next' }),
    previewUrl: z.boolean().default(false).meta({ title: 'Show a preview of the first link' }),
  }),
  outlets: () => [next, failed],
  run: async (context, { phrasings, mode, previewUrl }) => {
    const index = await context.perform('nextPhrasing', { count: phrasings.length, mode })
    const body = phrasings[index]
    if (body === undefined) throw new CardFailure('invalid_journey', `there is no phrasing ${index + 1}`)
    await context.send({ type: 'text', text: { body, preview_url: previewUrl } })
    return next.id
  },
})
