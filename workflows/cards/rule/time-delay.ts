import { z } from 'zod'
import { historyProblems } from '../../../src/model/condition-problems.ts'
import { conditionSchema } from '../../../src/model/conditions.ts'
import { readPath } from '../../../src/model/json.ts'
import { delayEndsAt, delaySchema, type Delay } from '../../../src/model/schedule.ts'
import { CardFailure, defineCard, failed, type CardContext } from '../card.ts'

const done = { id: 'done', label: 'Time is up' }
const happened = { id: 'event', label: 'Event arrived first' }

export const timeDelay = defineCard({
  type: 'time-delay',
  group: 'rule',
  label: 'Time delay',
  icon: 'clock',
  settings: z.object({
    delay: delaySchema.meta({ title: 'Wait' }),
    event: z
      .object({ name: z.string().min(1).max(100), condition: conditionSchema.optional() })
      .optional()
      .meta({ title: 'Or until this event arrives' }),
  }),
  outlets: ({ delay, event }) => [
    done,
    ...(event ? [happened] : []),
    ...(delay.mode === 'date-attribute' ? [failed] : []),
  ],
  check: ({ event }) => {
    const problems = event?.condition ? historyProblems(event.condition, 'event.condition') : []
    return problems.map(({ field, message }) => [field, message])
  },
  run: async (context, { delay, event }) => {
    const endsAt = await endOf(context, delay)
    if (!event) {
      await context.sleepUntil(endsAt)
      return done.id
    }
    const attributes = await context.waitForEvent(event.name, event.condition, endsAt)
    if (!attributes) return done.id
    context.set('event', attributes)
    return happened.id
  },
})

async function endOf(context: CardContext, delay: Delay): Promise<number> {
  const isFixed = delay.mode === 'duration' || delay.mode === 'until'
  const contact = isFixed ? undefined : await context.loadContact()
  const value = delay.mode === 'date-attribute' ? readPath(contact, delay.attribute) : undefined
  const endsAt = delayEndsAt(delay, context.enteredAtMs, { timeZone: contact?.time_zone, value })
  if (endsAt === undefined) {
    const attribute = delay.mode === 'date-attribute' ? delay.attribute : 'the date'
    throw new CardFailure('missing_variable', `${attribute} holds no date`)
  }
  return endsAt
}
