import { chatWorkflowId } from '../../workflows/contract.ts'
import { eventually } from '../support/eventually.ts'
import { openLifecycleHouse, type LifecycleHouse } from './lifecycle-house.ts'

let house: LifecycleHouse

beforeAll(async () => {
  house = await openLifecycleHouse()
  await house.publish({
    start: 'say',
    triggers: [{ type: 'user-utterance', keywords: ['menu'] }],
    cards: { say: { type: 'message', settings: { text: 'The menu' } } },
  })
})
afterAll(() => house.close())

const dayMs = 24 * 60 * 60_000
const holidays = [-1, 0, 1].map((day) => ({
  date: new Date(Date.now() + day * dayMs).toISOString().slice(0, 10),
}))
const never = { timeZone: 'UTC', windows: [{ day: 'monday', from: '09:00', to: '17:00' }], holidays }
const later = { message: { text: 'Nobody is here' } }

describe('the welcome', () => {
  test('is said once an episode, to the first message, and not when a journey answers', async () => {
    await house.set({ welcome: { message: { text: 'Hello {{contact.first_name}}' } } })
    await house.text('4917000000001', 'hi there')
    await house.said('4917000000001', ['Hello Ann'])
    await house.text('4917000000001', 'anybody?')
    await house.text('4917000000002', 'menu')
    await house.said('4917000000002', ['The menu'])
    await house.text('4917000000002', 'and now?')
    await house.text('4917000000001', 'menu')
    await house.said('4917000000001', ['Hello Ann', 'The menu'])
    await house.said('4917000000002', ['The menu'])
    expect(await house.facts('4917000000001', 'message.requested')).toMatchObject([
      { by: 'the chat (welcome)' },
    ])
  })

  test('to whoever writes for the first time ever, when it is set so', async () => {
    const waId = '4917000000003'
    await house.set({ welcome: { when: 'first-contact', message: { text: 'Welcome!' } } })
    await house.text(waId, 'hi')
    await house.said(waId, ['Welcome!'])
    const { conversationId } = await house.chatOf(waId)
    await house.rows(`update conversation_episodes set closed_at = now() where conversation_id = $1`, [
      conversationId,
    ])
    await house.text(waId, 'again')
    await house.text(waId, 'menu')
    await house.said(waId, ['Welcome!', 'The menu'])
  })

  test('answers nobody: the customer waits on', async () => {
    const waId = '4917000000004'
    await house.set({ welcome: { message: { text: 'One moment' } } })
    await house.text(waId, 'help')
    await house.said(waId, ['One moment'])
    expect(await house.standing(waId)).toMatchObject({ waiting_since: expect.anything(), status: 'open' })
  })
})

describe('that nobody is there', () => {
  test('is said outside of the business hours, at most once in so many hours, instead of the welcome', async () => {
    const waId = '4917000000011'
    await house.set({ businessHours: never, welcome: later, unavailable: { ...later, everyHours: 2 } })
    await house.text(waId, 'hi')
    await house.said(waId, ['Nobody is here'])
    await house.text(waId, 'hello?')
    await house.text(waId, 'menu')
    await house.said(waId, ['Nobody is here', 'The menu'])
    await house.age(waId, 121)
    await house.text(waId, 'still nobody?')
    await house.said(waId, ['Nobody is here', 'The menu', 'Nobody is here'])
  })

  test('is said when no agent is online, and not when one is', async () => {
    await house.set({ unavailable: { when: 'nobody-online', ...later } })
    await house.text('4917000000012', 'hi')
    await house.said('4917000000012', ['Nobody is here'])
    const ann = await house.hire('ann')
    await house.text('4917000000013', 'hi')
    await house.text('4917000000013', 'menu')
    await house.said('4917000000013', ['The menu'])
    await house.rows(`update users set presence = 'offline' where id = $1`, [ann.id])
  })

  test('is not said to whom an agent writes', async () => {
    const waId = '4917000000014'
    await house.set({ unavailable: { when: 'nobody-online', everyHours: 1, ...later } })
    await house.text(waId, 'hi')
    await house.said(waId, ['Nobody is here'])
    await house.write(waId, 'I am')
    await house.age(waId, 61)
    await house.text(waId, 'oh')
    await house.write(waId, 'Yes')
    await house.said(waId, ['Nobody is here', 'I am', 'Yes'])
  })
})

test('what may not go out is left unsaid, with the reason', async () => {
  const waId = '4917000000021'
  await house.set({ welcome: { message: { text: 'Your number: {{contact.attributes.customer_number}}' } } })
  await house.text(waId, 'hi')
  await eventually(async () =>
    expect(await house.facts(waId, 'chat.unsaid')).toMatchObject([
      { what: 'welcome', code: 'missing_variable' },
    ]),
  )
})

test("Temporal's UI tells how a chat stands and what comes next", async () => {
  const waId = '4917000000022'
  await house.set({ deadlines: { firstResponseMinutes: 30 } })
  await house.text(waId, 'hi')
  const { conversationId } = await house.chatOf(waId)
  const handle = house.deps.temporal.workflow.getHandle(chatWorkflowId(house.workspaceId, conversationId))
  await eventually(async () => {
    const told = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata')
    expect(told.currentDetails).toMatch(
      /^Open, with nobody, the customer waits since .* UTC. Next: the first answer is due, at .* UTC.$/,
    )
  })
})
