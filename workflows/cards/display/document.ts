import { z } from 'zod'
import { defineCard, failed, next } from '../card.ts'
import { caption, mediaReference, mediaSetting, text } from '../message-parts.ts'

export const document = defineCard({
  type: 'document',
  group: 'display',
  label: 'Document',
  icon: 'document',
  settings: z.object({
    media: mediaSetting.meta({
      title: 'Document',
      description: 'PDF, text, CSV or an Office file, up to 100 MB',
      kind: 'document',
    }),
    filename: text(240).optional().meta({
      title: 'File name',
      description: 'What the customer sees; of a file of the library its own name, when this is empty',
    }),
    caption,
  }),
  outlets: () => [next, failed],
  refers: ({ media }) => mediaReference(media, 'document', 'media'),
  run: async (context, { media, filename, caption: words }) => {
    await context.send({ type: 'document', document: { ...media, filename, caption: words } })
    return next.id
  },
})
