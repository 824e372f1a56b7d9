import { z } from 'zod'
import { defineCard, next } from '../card.ts'

/** A note on the canvas. A run that is led through it goes on at once. */
export const comment = defineCard({
  type: 'comment',
  group: 'utility',
  label: 'Comment',
  icon: 'note',
  settings: z.object({
    text: z.string().max(10_000).default('').meta({ title: 'Note', widget: 'textarea' }),
  }),
  outlets: () => [next],
  run: async () => next.id,
})
