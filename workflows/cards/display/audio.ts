import { z } from 'zod'
import { defineCard, failed, next } from '../card.ts'
import { mediaReference, mediaSetting } from '../message-parts.ts'

/** WhatsApp shows no caption with audio. */
export const audio = defineCard({
  type: 'audio',
  group: 'display',
  label: 'Audio',
  icon: 'audio',
  settings: z.object({
    media: mediaSetting.meta({
      title: 'Audio',
      description: 'AAC, MP4, MP3, AMR or OGG with Opus, up to 16 MB',
      kind: 'audio',
    }),
  }),
  outlets: () => [next, failed],
  refers: ({ media }) => mediaReference(media, 'audio', 'media'),
  run: async (context, { media }) => {
    await context.send({ type: 'audio', audio: media })
    return next.id
  },
})
