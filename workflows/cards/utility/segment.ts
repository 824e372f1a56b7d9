import { z } from 'zod'
import { defineCard, failed, next } from '../card.ts'

const settingsSchema = z.object({
  mode: z.enum(['subscribe', 'unsubscribe']).default('subscribe').meta({ title: 'Subscribe or unsubscribe' }),
  segmentIds: z.array(z.uuid()).min(1).max(20).meta({
    title: 'Segments',
    widget: 'segment',
    description: 'Static ones: a live segment follows its condition',
  }),
})

export const segment = defineCard<z.output<typeof settingsSchema>>({
  type: 'segment',
  group: 'utility',
  label: 'Segment',
  icon: 'segment',
  settings: settingsSchema,
  outlets: () => [next, failed],
  refers: ({ segmentIds }) =>
    segmentIds.map((id, at) => ({ kind: 'segment', id, field: `segmentIds.${at}` })),
  run: async (context, { mode, segmentIds }) => {
    const isAdding = mode === 'subscribe'
    await context.perform('changeSegments', {
      add: isAdding ? segmentIds : [],
      remove: isAdding ? [] : segmentIds,
    })
    return next.id
  },
})
