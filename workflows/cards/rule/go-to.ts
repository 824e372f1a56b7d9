import { z } from 'zod'
import { defineCard } from '../card.ts'

/** A jump is an outlet that leads somewhere else on the canvas; loops end at the interpreter's visit cap. */
export const goTo = defineCard({
  type: 'go-to',
  group: 'rule',
  label: 'Go to',
  icon: 'jump',
  settings: z.object({ card: z.string().min(1).meta({ title: 'Card', widget: 'card' }) }),
  outlets: () => [],
  jumps: ({ card }) => [card],
  check: ({ card }, cardIds) => (cardIds.has(card) ? [] : [['card', `there is no card "${card}"`]]),
  run: async (_context, { card }) => `card:${card}`,
})
