import { z } from 'zod'
import { renderTemplate } from '../../../src/model/template.ts'
import { CardFailure, defineCard, failed, next } from '../card.ts'

const settingsSchema = z.object({
  mode: z.enum(['add', 'remove']).default('add').meta({ title: 'Add or remove' }),
  tags: z.array(z.string().trim().min(1).max(200)).min(1).max(20).meta({ title: 'Tags', widget: 'tags' }),
})

export const tag = defineCard<z.output<typeof settingsSchema>>({
  type: 'tag',
  group: 'utility',
  label: 'Tag',
  icon: 'tag',
  settings: settingsSchema,
  outlets: () => [next, failed],
  run: async (context, { mode, tags: texts }) => {
    const contact = await context.loadContact()
    const { vars } = context
    const { value, missing } = renderTemplate(texts, { contact, vars, event: vars['event'] ?? {} })
    if (missing.length > 0) throw new CardFailure('missing_variable', `${missing.join(', ')} has no value`)
    await context.perform(
      'changeTags',
      mode === 'add' ? { add: value, remove: [] } : { add: [], remove: value },
    )
    return next.id
  },
})
