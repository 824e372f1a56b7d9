import { z } from 'zod'
import { consentScopeSchema, consentStates } from '../../../src/model/consent.ts'
import { defineCard, failed, next } from '../card.ts'

const settingsSchema = z.object({
  state: z.enum(consentStates).default('opted_out').meta({ title: 'Opt in or out' }),
  category: consentScopeSchema.default('all').meta({
    title: 'Category',
    description: 'Who is opted out of all gets nothing more, from this journey either',
  }),
})

/** Records that the contact wants messages of a category, or does not. */
export const dnd = defineCard<z.output<typeof settingsSchema>>({
  type: 'dnd',
  group: 'utility',
  label: 'Do not disturb',
  icon: 'bell-off',
  settings: settingsSchema,
  outlets: () => [next, failed],
  run: async (context, { state, category }) => {
    await context.perform('setConsent', { state, category })
    return next.id
  },
})
