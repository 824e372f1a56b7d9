import { z } from 'zod'
import { defineCard, failed, next } from '../card.ts'
import { caption, mediaReference, mediaSetting } from '../message-parts.ts'

export const image = defineCard({
  type: 'image',
  group: 'display',
  label: 'Image',
  icon: 'image',
  settings: z.object({
    media: mediaSetting.meta({ title: 'Image', description: 'JPEG or PNG, up to 5 MB', kind: 'image' }),
    caption,
  }),
  outlets: () => [next, failed],
  refers: ({ media }) => mediaReference(media, 'image', 'media'),
  run: async (context, settings) => {
    await context.send({ type: 'image', image: { ...settings.media, caption: settings.caption } })
    return next.id
  },
})
