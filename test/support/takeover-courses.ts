import { orderHandBack, orderTakeOver } from '../../src/takeover/order-takeover.ts'
import type { Course } from '../record-histories.ts'
import type { House } from './house.ts'
import { runSql } from './run-sql.ts'

/** Courses of journeys in whose chats a person speaks in between. */
export const takeoverCourses: Course[] = [
  {
    title: 'taken-over-then-repeated',
    word: 'taken',
    definition: {
      start: 'ask',
      triggers: [{ type: 'user-utterance', keywords: ['taken'] }],
      afterTakeover: { action: 'repeat' },
      cards: {
        ask: {
          type: 'user-input',
          settings: { question: 'Your name?', variable: 'name' },
          next: { valid: 'greet' },
        },
        greet: { type: 'message', settings: { text: 'Hello {{vars.name}}' } },
      },
    },
    async play(house, waId, { sent, state }) {
      await sent(1)
      const { contact_id } = await state('waiting')
      const order = await chatOf(house, contact_id)
      await orderTakeOver(house.deps, { ...order, reason: undefined, minutes: undefined })
      await state('paused')
      await orderHandBack(house.deps, { ...order, choice: undefined })
      await sent(2)
      await house.text(waId, 'Ann')
    },
  },
  {
    title: 'handed-off-and-back',
    word: 'person',
    definition: {
      start: 'person',
      triggers: [{ type: 'user-utterance', keywords: ['person'] }],
      cards: {
        person: { type: 'handoff', settings: {}, next: { 'handed-back': 'thanks' } },
        thanks: { type: 'message', settings: { text: 'Thank you' } },
      },
    },
    async play(house, _waId, { sent, state }) {
      const { contact_id } = await state('paused')
      await orderHandBack(house.deps, { ...(await chatOf(house, contact_id)), choice: undefined })
      await sent(1)
    },
  },
]

async function chatOf(house: House, contactId: string) {
  const { rows } = await runSql(
    house.deps.config.DATABASE_URL ?? '',
    'select id from conversations where contact_id = $1',
    [contactId],
  )
  return { workspaceId: house.workspaceId, conversationId: String(rows[0].id), by: 'user test' }
}
