import { z } from 'zod'
import { journeyProblems, listLeaves } from '../../../src/model/condition-problems.ts'
import { conditionSchema } from '../../../src/model/conditions.ts'
import { readPath, type Json } from '../../../src/model/json.ts'
import { delayEndsAt, delayNeedsContact, delaySchema, type Delay } from '../../../src/model/schedule.ts'
import { CardFailure, defineCard, failed, type CardContext, type ContactView } from '../card.ts'
import { fillConditions } from '../fill-conditions.ts'

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
    if (!event?.condition) return []
    const problems = journeyProblems(event.condition, 'event.condition')
    const blind = listLeaves(event.condition, 'event.condition').filter(
      ({ leaf }) => leaf.kind === 'compare' && /^(vars|reply)\./.test(leaf.path),
    )
    return [
      ...problems.map(({ field, message }): [string, string] => [field, message]),
      ...blind.map(({ field }): [string, string] => [
        `${field}.path`,
        'an event is judged as it comes: compare event. or contact., with a value like {{vars.order_id}}',
      ]),
    ]
  },
  run: async (context, { delay, event }) => {
    const endsAt = await endOf(context, delay)
    if (!event) {
      await context.sleepUntil(endsAt)
      return done.id
    }
    const [condition] = await fillConditions(context, event.condition ? [event.condition] : [])
    const attributes = await context.waitForEvent(event.name, condition, endsAt)
    if (!attributes) return done.id
    context.set('event', attributes)
    return happened.id
  },
})

function dateOf({ vars }: CardContext, contact: ContactView | undefined, path: string): Json | undefined {
  const isOfRun = /^(vars|event)\./.test(path)
  return readPath(isOfRun ? { vars, event: vars['event'] } : contact, path)
}

async function endOf(context: CardContext, delay: Delay): Promise<number> {
  const isAsked = context.contactId !== undefined && delayNeedsContact(delay)
  const contact = isAsked ? await context.loadContact() : undefined
  const value = delay.mode === 'date-attribute' ? dateOf(context, contact, delay.attribute) : undefined
  const endsAt = delayEndsAt(delay, context.enteredAtMs, { timeZone: contact?.time_zone, value })
  if (endsAt === undefined) {
    const attribute = delay.mode === 'date-attribute' ? delay.attribute : 'the date'
    throw new CardFailure('missing_variable', `${attribute} holds no date`)
  }
  return endsAt
}
