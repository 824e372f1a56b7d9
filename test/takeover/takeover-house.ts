import { sendFromInbox } from '../../src/inbox/send-from-inbox.ts'
import { newId } from '../../src/db/columns.ts'
import type { AfterTakeover } from '../../src/takeover/hand-back.ts'
import { orderHandBack, orderTakeOver } from '../../src/takeover/order-takeover.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'

/** The whole line with a worker, and agents who take chats over. */
export async function openTakeoverHouse() {
  const house = await openHouse()
  const { workspaceId, deps, rows } = house
  const texts = async (waId: string) =>
    (await house.ledger(waId)).map(({ payload }) => payload.text?.body ?? payload.interactive?.body.text)
  const { chatOf, runsOf } = looksOf(rows)
  const by = 'user test'
  return {
    ...{ house, rows, texts, chatOf, runsOf },
    /** What WhatsApp accepted for a customer, once it is that. */
    said: (waId: string, expected: string[]) =>
      eventually(async () => expect(await texts(waId)).toEqual(expected)),
    runs: (waId: string, expected: object[]) =>
      eventually(async () => expect(await runsOf(waId)).toMatchObject(expected)),
    async takeOver(waId: string) {
      const { conversationId } = await chatOf(waId)
      return orderTakeOver(deps, { workspaceId, conversationId, by, reason: undefined, minutes: undefined })
    },
    async handBack(waId: string, choice?: AfterTakeover) {
      const { conversationId } = await chatOf(waId)
      return orderHandBack(deps, { workspaceId, conversationId, by, choice })
    },
    async write(waId: string, body: string) {
      const { conversationId } = await chatOf(waId)
      return sendFromInbox(deps, {
        ...{ workspaceId, conversationId, by, isPerson: true, vars: {}, class: 'utility', key: newId() },
        what: { content: { type: 'text', text: { body } } },
      })
    },
    factsOf: async (waId: string, kind: string) => {
      const { contactId } = await chatOf(waId)
      return rows<{ data: Record<string, unknown> }>(
        'select data from facts where contact_id = $1 and kind = $2 order by at, id',
        [contactId, kind],
      )
    },
    close: () => house.close(),
  }
}

/** Asks for a name, then says hello; the answer may take an hour. */
export const asker = (word: string, more: object = {}, question = `${word}: your name?`) => ({
  start: 'ask',
  triggers: [{ type: 'user-utterance', keywords: [word] }],
  cards: {
    ask: {
      type: 'user-input',
      settings: { question, variable: 'name', timeout: { amount: 1, unit: 'hours' } },
      next: { valid: 'greet', interrupted: 'lost' },
    },
    greet: { type: 'message', settings: { text: `${word}: hello {{vars.name}}` } },
    lost: { type: 'message', settings: { text: `${word}: later then` } },
    other: { type: 'message', settings: { text: `${word}: other card` } },
  },
  ...more,
})

/** The chat and the runs of a customer. */
function looksOf(rows: OpenHouse['rows']) {
  const chatOf = async (waId: string) => {
    const [chat] = await rows<{ id: string; contact_id: string }>(
      'select v.id, v.contact_id from conversations v join identities i on i.contact_id = v.contact_id where i.value = $1',
      [waId],
    )
    return { conversationId: chat?.id ?? '', contactId: chat?.contact_id ?? '' }
  }
  const runsOf = async (waId: string) =>
    rows<{
      id: string
      name: string
      state: string
      outcome: string | null
      card_id: string
      held_by: string | null
    }>(
      `select r.id, j.name, r.state, r.outcome, r.card_id, r.held_by from runs r join journeys j on j.id = r.journey_id
       join identities i on i.contact_id = r.contact_id where i.value = $1 order by r.id`,
      [waId],
    )
  return { chatOf, runsOf }
}
