import { z } from 'zod'
import { labelSchema } from '../../../src/model/label.ts'
import { defineCard, failed, next } from '../card.ts'

const settingsSchema = z.object({
  mode: z.enum(['add', 'remove']).default('add').meta({ title: 'Add or remove' }),
  labels: z.array(labelSchema).min(1).max(20).meta({ title: 'Labels', widget: 'labels' }),
})

/** Labels the conversation, for who reads it in the inbox. */
export const label = defineCard<z.output<typeof settingsSchema>>({
  type: 'label',
  group: 'utility',
  label: 'Label',
  icon: 'label',
  settings: settingsSchema,
  outlets: () => [next, failed],
  run: async (context, { mode, labels }) => {
    const isAdding = mode === 'add'
    await context.perform('changeLabels', { add: isAdding ? labels : [], remove: isAdding ? [] : labels })
    return next.id
  },
})
