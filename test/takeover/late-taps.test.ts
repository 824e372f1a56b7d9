import { requestRun } from '../../src/journeys/request-run.ts'
import { eventually } from '../support/eventually.ts'
import { openTakeoverHouse } from './takeover-house.ts'

let it: Awaited<ReturnType<typeof openTakeoverHouse>>

const buttons = [
  { id: 'yes', title: 'Yes' },
  { id: 'no', title: 'No' },
]
const hour = { amount: 1, unit: 'hours' }
const outlets = (word: string) => ({ 'button:yes': `${word}-yes`, 'button:no': `${word}-no` })
const say = (text: string) => ({ type: 'message', settings: { text } })
/** Two questions with the same buttons; other words lead from the first to the second. */
const twice = {
  start: 'first',
  triggers: [{ type: 'user-utterance', keywords: ['begin'] }],
  cards: {
    first: {
      type: 'interactive-message',
      settings: { body: 'A newsletter?', buttons, timeout: hour },
      next: { ...outlets('first'), other: 'second' },
    },
    second: {
      type: 'interactive-message',
      settings: { body: 'Cancel the order?', buttons, timeout: hour, retries: 1, invalidText: 'Tap, please' },
      next: outlets('second'),
    },
    'first-yes': say('subscribed'),
    'first-no': say('not subscribed'),
    'second-yes': say('cancelled'),
    'second-no': say('kept'),
  },
}
const rival = {
  start: 'ask',
  triggers: [{ type: 'api' }],
  cards: {
    ask: {
      type: 'interactive-message',
      settings: { body: 'Rate us?', buttons, timeout: hour },
      next: outlets('ask'),
    },
    'ask-yes': say('rated'),
    'ask-no': say('not rated'),
  },
}

beforeAll(async () => {
  it = await openTakeoverHouse()
  await it.house.publish(twice, 'Twice')
  await it.house.publish(rival, 'Rival')
})
afterAll(() => it.close())

/** The message with these words, as WhatsApp calls it. */
async function wamidOf(waId: string, body: string): Promise<string> {
  const sent = (await it.house.ledger(waId)).find(({ payload }) => payload.interactive?.body.text === body)
  return sent?.id ?? ''
}

test('a tap on the button of an older question answers no newer one', async () => {
  const waId = '491730000101'
  await it.house.text(waId, 'begin')
  await it.said(waId, ['A newsletter?'])
  await it.house.text(waId, 'what?')
  await it.said(waId, ['A newsletter?', 'Cancel the order?'])
  await it.house.tap(waId, 'yes', 'Yes', await wamidOf(waId, 'A newsletter?'))
  const { contactId } = await it.chatOf(waId)
  const answers = () =>
    it.rows('select card_id, text from journey_answers where contact_id = $1 order by id', [contactId])
  await eventually(async () =>
    expect(
      await it.rows(`select 1 from messages where contact_id = $1 and text = 'Yes'`, [contactId]),
    ).toHaveLength(1),
  )
  expect(await answers()).toEqual([{ card_id: 'first', text: 'what?' }])
  await it.house.text(waId, 'hm')
  await it.said(waId, ['A newsletter?', 'Cancel the order?', 'Tap, please'])
  // What asked before asked the same: its buttons are as good as typing.
  await it.house.tap(waId, 'no', 'No', await wamidOf(waId, 'Cancel the order?'))
  await it.said(waId, ['A newsletter?', 'Cancel the order?', 'Tap, please', 'kept'])
  expect(await answers()).toMatchObject([
    { card_id: 'first' },
    { text: 'hm' },
    { card_id: 'second', text: 'No' },
  ])
})

test('of two journeys that ask, a tap answers the one whose button it is', async () => {
  const { workspaceId, deps } = it.house
  const waId = '491730000102'
  await it.house.text(waId, 'begin')
  await it.said(waId, ['A newsletter?'])
  const { contactId, conversationId } = await it.chatOf(waId)
  const [journey] = await it.rows<{ id: string }>(`select id from journeys where name = 'Rival'`)
  const journeyId = journey?.id ?? ''
  await requestRun(deps, { workspaceId, journeyId, contactId, by: 'test', vars: {}, trigger: 'api' })
  await it.said(waId, ['A newsletter?', 'Rate us?'])
  await it.house.tap(waId, 'no', 'No', await wamidOf(waId, 'A newsletter?'))
  await it.said(waId, ['A newsletter?', 'Rate us?', 'not subscribed'])
  expect(await it.rows('select 1 from floor_waits where conversation_id = $1', [conversationId])).toEqual([])
  await it.house.tap(waId, 'yes', 'Yes', await wamidOf(waId, 'Rate us?'))
  await it.said(waId, ['A newsletter?', 'Rate us?', 'not subscribed', 'rated'])
  await it.runs(waId, [{ state: 'completed' }, { state: 'completed' }])
})
