import { z } from 'zod'
import { defineCard, failed, next } from '../card.ts'
import { caption, mediaReference, mediaSetting } from '../message-parts.ts'

export const video = defineCard({
  type: 'video',
  group: 'display',
  label: 'Video',
  icon: 'video',
  settings: z.object({
    media: mediaSetting.meta({ title: 'Video', description: 'MP4 or 3GPP, up to 16 MB', kind: 'video' }),
    caption,
  }),
  outlets: () => [next, failed],
  refers: ({ media }) => mediaReference(media, 'video', 'media'),
  run: async (context, settings) => {
    await context.send({ type: 'video', video: { ...settings.media, caption: settings.caption } })
    return next.id
  },
})
