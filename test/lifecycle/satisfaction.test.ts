import { setStatus } from '../../src/conversations/status.ts'
import { forkFor } from '../../src/db/orm.ts'
import { sumSatisfaction } from '../../src/lifecycle/satisfaction.ts'
import { eventually } from '../support/eventually.ts'
import { openLifecycleHouse, type LifecycleHouse } from './lifecycle-house.ts'

let house: LifecycleHouse
let ann: { id: string }

beforeAll(async () => {
  house = await openLifecycleHouse()
  ann = await house.hire('ann')
  await house.publish({
    start: 'say',
    triggers: [{ type: 'user-utterance', keywords: ['slow'], match: 'contains' }],
    cards: { say: { type: 'message', settings: { text: 'A journey' } } },
  })
  await house.set({
    satisfaction: {
      question: 'How was it?',
      commentQuestion: 'What should we do better?',
      thanks: 'Thank you',
    },
  })
})
afterAll(() => house.close())

/** Help is asked for, given, and the chat closed. */
async function serve(waId: string) {
  await house.text(waId, 'help')
  const { conversationId } = await house.chatOf(waId)
  await house.write(waId, 'Solved', ann)
  await house.said(waId, ['Solved'])
  await close(waId, conversationId)
  return conversationId
}
async function close(waId: string, conversationId: string) {
  const { workspaceId, deps } = house
  await forkFor(deps.orm, workspaceId).transactional((tx) =>
    setStatus(tx, { workspaceId, conversationId, status: 'closed', by: 'test' }),
  )
  await house.wake(waId)
}
async function score(waId: string, stars: number) {
  const [question] = (await house.ledger(waId)).filter(({ payload }) => payload.interactive)
  const row = question?.payload.interactive?.action.sections?.[0]?.rows.find(({ id }) =>
    id.endsWith(`:${stars}`),
  )
  const list_reply = { id: row?.id, title: row?.title }
  await house.say(waId, { type: 'interactive', interactive: { type: 'list_reply', list_reply } })
}
const answers = (conversationId: string) =>
  house.rows<{ score: number | null; comment: string | null; user_id: string | null }>(
    'select score, comment, user_id from satisfaction_answers where conversation_id = $1',
    [conversationId],
  )
const becomes = (conversationId: string, expected: object[]) =>
  eventually(async () => expect(await answers(conversationId)).toMatchObject(expected))

test('a customer is asked once, answers by a tap and with words, and the chat stays closed', async () => {
  const waId = '4917000002001'
  const conversationId = await serve(waId)
  await house.said(waId, ['Solved', 'How was it?'])
  await Promise.all([house.wake(waId), house.wake(waId)])
  await score(waId, 4)
  await house.said(waId, ['Solved', 'How was it?', 'What should we do better?'])
  await becomes(conversationId, [{ score: 4, comment: null, user_id: ann.id }])
  // The words of a journey are a comment all the same.
  await house.text(waId, 'a bit slow')
  await house.said(waId, ['Solved', 'How was it?', 'What should we do better?', 'Thank you'])
  await becomes(conversationId, [{ score: 4, comment: 'a bit slow' }])
  expect(await house.standing(waId)).toMatchObject({ status: 'closed', waiting_since: null })
  const episodes = await house.rows('select 1 from conversation_episodes where conversation_id = $1', [
    conversationId,
  ])
  expect(episodes).toHaveLength(1)
  expect(await house.facts(waId, 'satisfaction.scored')).toMatchObject([{ score: 4 }])
  // What is said after that is said to us.
  await house.text(waId, 'so slow')
  await eventually(async () =>
    expect(await house.standing(waId)).toMatchObject({ status: 'open', waiting_since: expect.anything() }),
  )
  await becomes(conversationId, [{ score: 4, comment: 'a bit slow' }])
})

test('the last tap counts, and a tap in an open chat does not disturb it', async () => {
  const waId = '4917000002002'
  const conversationId = await serve(waId)
  await house.said(waId, ['Solved', 'How was it?'])
  await score(waId, 1)
  await becomes(conversationId, [{ score: 1 }])
  const { workspaceId, deps } = house
  await forkFor(deps.orm, workspaceId).transactional((tx) =>
    setStatus(tx, { workspaceId, conversationId, status: 'open', by: 'test' }),
  )
  await score(waId, 5)
  await becomes(conversationId, [{ score: 5, comment: null }])
  // To an open chat words are words.
  await house.text(waId, 'one more thing')
  await eventually(async () =>
    expect(await house.standing(waId)).toMatchObject({ waiting_since: expect.anything() }),
  )
  await becomes(conversationId, [{ score: 5, comment: null }])
})

test('of a chat that no person answered nobody is asked, and an answer to another one is not taken', async () => {
  const waId = '4917000002003'
  await house.text(waId, 'help')
  const { conversationId } = await house.chatOf(waId)
  await close(waId, conversationId)
  const other = await serve('4917000002004')
  await house.said('4917000002004', ['Solved', 'How was it?'])
  const [asked] = await house.rows<{ id: string }>(
    'select id from satisfaction_answers where conversation_id = $1',
    [other],
  )
  const list_reply = { id: `satisfaction:${asked?.id}:1`, title: 'Very bad' }
  await house.say(waId, { type: 'interactive', interactive: { type: 'list_reply', list_reply } })
  await eventually(async () => expect(await house.standing(waId)).toMatchObject({ status: 'open' }))
  expect(await answers(other)).toMatchObject([{ score: null }])
  expect(await answers(conversationId)).toEqual([])
})

test('they are summed up', async () => {
  const { workspaceId, deps } = house
  const sum = await sumSatisfaction(forkFor(deps.orm, workspaceId), {
    ...{ workspaceId, userId: ann.id, readable: { sql: 'true', params: [] } },
  })
  expect(sum).toMatchObject({ asked: 3, answered: 2, average: 4.5, satisfied: 100 })
  expect(sum.scores.map(({ count }) => count)).toEqual([0, 0, 0, 1, 1])
})
