import { z } from 'zod'
import { defineCard, failed, next } from '../card.ts'

export const message = defineCard({
  type: 'message',
  group: 'display',
  label: 'Message',
  icon: 'message',
  settings: z.object({
    text: z.string().min(1).max(4096).meta({ title: 'Text', widget: 'textarea' }),
    previewUrl: z.boolean().default(false).meta({ title: 'Show a preview of the first link' }),
  }),
  outlets: () => [next, failed],
  run: async (context, { text, previewUrl }) => {
    await context.send({ type: 'text', text: { body: text, preview_url: previewUrl } })
    return next.id
  },
})
