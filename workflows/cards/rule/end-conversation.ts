import { z } from 'zod'
import { defineCard } from '../card.ts'

export const endConversation = defineCard({
  type: 'end-conversation',
  group: 'rule',
  label: 'End conversation',
  icon: 'flag',
  settings: z.object({
    close: z.boolean().default(false).meta({ title: 'Close the chat' }),
    goalReached: z.boolean().optional().meta({ title: 'Goal reached' }),
    outcome: z.string().max(100).optional().meta({ title: 'Outcome' }),
  }),
  outlets: () => [],
  run: async (context, { close, goalReached, outcome }) => {
    await context.endConversation({ close, goalReached, label: outcome })
    return 'end'
  },
})
