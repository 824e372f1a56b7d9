import { z } from 'zod'
import { defineCard, type Outlet } from '../card.ts'

const entered: Outlet = { id: 'entered', label: 'Entered' }
const refused: Outlet = { id: 'refused', label: 'May not enter' }

const settingsSchema = z.object({
  card: z.string().min(1).optional().meta({ title: 'Card', widget: 'card' }),
  journey: z.uuid().optional().meta({
    title: 'Journey',
    widget: 'journey',
    description:
      'Or the start of another journey, with the variables of this one. This run ends then, unless an outlet goes on',
  }),
})

/** A jump is an outlet that leads somewhere else on the canvas; loops end at the interpreter's visit cap. */
export const goTo = defineCard<z.output<typeof settingsSchema>>({
  type: 'go-to',
  group: 'rule',
  label: 'Go to',
  icon: 'jump',
  settings: settingsSchema,
  outlets: ({ journey }) => (journey === undefined ? [] : [entered, refused]),
  jumps: ({ card }) => (card === undefined ? [] : [card]),
  refers: ({ journey }) =>
    journey === undefined ? [] : [{ kind: 'journey', id: journey, field: 'journey' }],
  check: ({ card, journey }, cardIds) => {
    if ((card === undefined) === (journey === undefined))
      return [['card', 'name either a card or another journey']]
    return card === undefined || cardIds.has(card) ? [] : [['card', `there is no card "${card}"`]]
  },
  async run(context, { card, journey }) {
    if (journey === undefined) return `card:${card}`
    const { vars, isAnswering } = context
    const { isEntered } = await context.perform('enterJourney', { journeyId: journey, vars, isAnswering })
    return isEntered ? entered.id : refused.id
  },
})
