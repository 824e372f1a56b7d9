import { z } from 'zod'
import { defineCard, failed, next } from '../card.ts'
import { text } from '../message-parts.ts'

export const message = defineCard({
  type: 'message',
  group: 'display',
  label: 'Message',
  icon: 'message',
  settings: z.object({
    text: text(4_096).meta({ title: 'Text', widget: 'textarea' }),
    previewUrl: z.boolean().default(false).meta({ title: 'Show a preview of the first link' }),
  }),
  outlets: () => [next, failed],
  run: async (context, { text: body, previewUrl }) => {
    await context.send({ type: 'text', text: { body, preview_url: previewUrl } })
    return next.id
  },
})
