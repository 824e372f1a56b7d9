import { requestRun } from '../../src/journeys/request-run.ts'
import { handBackDue } from '../../src/takeover/hand-back-due.ts'
import { eventually } from '../support/eventually.ts'
import { signedPost } from '../support/signed-post.ts'
import { changeBody } from '../inbound/webhook-bodies.ts'
import { asker, openTakeoverHouse } from './takeover-house.ts'

let it: Awaited<ReturnType<typeof openTakeoverHouse>>

beforeAll(async () => {
  it = await openTakeoverHouse()
})
afterAll(() => it.close())

/** Frozen: the run stands at the hold, and the database says so. */
const stands = (waId: string) =>
  eventually(async () => {
    const [run] = await it.runsOf(waId)
    expect(run).toMatchObject({ state: 'paused' })
    expect(run?.held_by).not.toBeNull()
  })

test('while an agent has the chat nothing is sent, answered or started; then the question is repeated', async () => {
  const waId = '491720000001'
  await it.house.publish(asker('alpha', { afterTakeover: { action: 'repeat' } }), 'Alpha')
  await it.house.publish(asker('beta'), 'Beta')
  await it.house.text(waId, 'alpha')
  await it.said(waId, ['alpha: your name?'])
  await it.takeOver(waId)
  await stands(waId)
  await it.house.text(waId, 'I want to talk to somebody')
  await it.house.text(waId, 'beta')
  const verdict = await eventually(async () => {
    const judged = await it.factsOf(waId, 'trigger.evaluated')
    expect(judged).toHaveLength(3)
    return judged.at(-1)?.data['candidates'] as { name: string; started: boolean; reason: string }[]
  })
  expect(verdict.find(({ name }) => name === 'Beta')).toMatchObject({
    started: false,
    reason: expect.stringContaining('but an agent has the chat'),
  })
  expect(await it.texts(waId)).toEqual(['alpha: your name?'])
  expect(await it.handBack(waId)).toMatchObject([{ action: 'repeat' }])
  await it.said(waId, ['alpha: your name?', 'alpha: your name?'])
  await it.house.text(waId, 'Ann')
  await it.said(waId, ['alpha: your name?', 'alpha: your name?', 'alpha: hello Ann'])
  await it.runs(waId, [{ name: 'Alpha', state: 'completed' }])
})

test('each journey follows its own policy, and the agent may choose for all', async () => {
  await it.house.publish(asker('gamma', { afterTakeover: { action: 'goto', card: 'other' } }), 'Gamma')
  await it.house.publish(asker('delta', { afterTakeover: { action: 'exit' } }), 'Delta')
  for (const [waId, word] of [
    ['491720000002', 'gamma'],
    ['491720000003', 'delta'],
    ['491720000004', 'gamma'],
  ] as const) {
    await it.house.text(waId, word)
    await it.said(waId, [`${word}: your name?`])
    await it.takeOver(waId)
    await stands(waId)
  }
  await it.handBack('491720000002')
  await it.said('491720000002', ['gamma: your name?', 'gamma: other card'])
  await it.handBack('491720000003')
  await it.runs('491720000003', [{ state: 'exited', outcome: 'an agent had the chat' }])
  await it.handBack('491720000004', { action: 'continue' })
  await it.house.text('491720000004', 'Bob')
  await it.said('491720000004', ['gamma: your name?', 'gamma: hello Bob'])
})

test('who writes has the chat, until the clock hands it back', async () => {
  const waId = '491720000005'
  await it.house.publish(asker('epsilon'), 'Epsilon')
  await it.house.text(waId, 'epsilon')
  await it.said(waId, ['epsilon: your name?'])
  await it.write(waId, 'Hello, here is Tom')
  await it.said(waId, ['epsilon: your name?', 'Hello, here is Tom'])
  await stands(waId)
  const { conversationId } = await it.chatOf(waId)
  const [takeover] = await it.rows<{ kind: string; minutes: number }>(
    `select kind, round(extract(epoch from ends_at - now()) / 60)::int as minutes from takeovers where conversation_id = $1`,
    [conversationId],
  )
  expect(takeover).toEqual({ kind: 'message', minutes: 60 })
  await it.house.text(waId, 'Hi Tom')
  await it.rows('update takeovers set ends_at = now() where conversation_id = $1', [conversationId])
  await handBackDue(it.house.deps)
  await eventually(async () =>
    expect(await it.runsOf(waId)).toMatchObject([{ state: 'waiting', held_by: null }]),
  )
  await it.house.text(waId, 'Cleo')
  await it.said(waId, ['epsilon: your name?', 'Hello, here is Tom', 'epsilon: hello Cleo'])
})

test('what is typed on the phone takes the chat over, and stands in it once', async () => {
  const waId = '491720000006'
  await it.house.publish(asker('zeta'), 'Zeta')
  await it.house.text(waId, 'zeta')
  await it.said(waId, ['zeta: your name?'])
  const { access } = it.house
  const body = changeBody(access, 'smb_message_echoes', {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: access.displayNumber, phone_number_id: access.phoneNumberId },
    contacts: [{ wa_id: waId, user_id: 'DE.123' }],
    message_echoes: [
      {
        ...{ from: access.displayNumber, to: waId, to_user_id: 'DE.123', id: 'wamid.echo1' },
        ...{ timestamp: String(Math.floor(Date.now() / 1_000)), type: 'text', text: { body: 'I am here' } },
      },
    ],
  })
  for (let times = 0; times < 2; times += 1) expect(await signedPost(it.house, body)).toBe(200)
  await stands(waId)
  const { conversationId, contactId } = await it.chatOf(waId)
  expect(
    await it.rows(
      `select direction, state, text from messages where conversation_id = $1 and wamid = 'wamid.echo1'`,
      [conversationId],
    ),
  ).toEqual([{ direction: 'out', state: 'accepted', text: 'I am here' }])
  expect(await it.rows('select kind from takeovers where contact_id = $1', [contactId])).toEqual([
    { kind: 'echo' },
  ])
  expect(await it.factsOf(waId, 'message.echoed')).toHaveLength(1)
  await it.handBack(waId)
})

const handsOff = (word: string, settings: object) => ({
  start: 'ask',
  triggers: [{ type: 'user-utterance', keywords: [word] }],
  cards: {
    ask: {
      type: 'user-input',
      settings: { question: 'Which order?', variable: 'order' },
      next: { valid: 'person' },
    },
    person: {
      type: 'handoff',
      settings: { to: 'team', name: 'Orders', note: 'Order {{vars.order}}', ...settings },
      next: { 'handed-back': 'thanks', timeout: 'sorry' },
    },
    thanks: { type: 'message', settings: { text: 'Glad we could help' } },
    sorry: { type: 'message', settings: { text: 'Nobody is here' } },
    other: { type: 'message', settings: { text: 'Elsewhere' } },
  },
})

test('a journey hands off: it waits for the agent, whoever takes it, and goes on after the hand-back', async () => {
  const waId = '491720000007'
  await it.house.publish(handsOff('person', {}), 'Person')
  await it.house.text(waId, 'person')
  await it.said(waId, ['Which order?'])
  await it.house.text(waId, 'A7')
  await stands(waId)
  const { conversationId } = await it.chatOf(waId)
  const [handoff] = await it.rows(
    'select kind, target, reason, taken_at from takeovers where conversation_id = $1',
    [conversationId],
  )
  expect(handoff).toEqual({
    ...{ kind: 'handoff', reason: 'Order A7', taken_at: null },
    target: { to: 'team', name: 'Orders', user: null },
  })
  await it.write(waId, 'Let me look')
  await it.said(waId, ['Which order?', 'Let me look'])
  expect(
    await it.rows('select taken_by from takeovers where conversation_id = $1', [conversationId]),
  ).toEqual([{ taken_by: 'user test' }])
  await it.handBack(waId)
  await it.said(waId, ['Which order?', 'Let me look', 'Glad we could help'])
  await it.runs(waId, [{ state: 'completed' }])
})

test('nobody takes it in time; or the agent sends it elsewhere', async () => {
  await it.house.publish(handsOff('hurry', { timeout: { amount: 1, unit: 'seconds' } }), 'Hurry')
  await it.house.publish(handsOff('again', { after: 'repeat' }), 'Again')
  const [hurried, repeated, sent] = ['491720000008', '491720000009', '491720000010']
  await it.house.text(hurried, 'hurry')
  await it.said(hurried, ['Which order?'])
  await it.house.text(hurried, 'A1')
  await it.said(hurried, ['Which order?', 'Nobody is here'])
  for (const waId of [repeated, sent]) {
    await it.house.text(waId, 'again')
    await it.said(waId, ['Which order?'])
    await it.house.text(waId, 'A2')
    await stands(waId)
  }
  await it.handBack(repeated)
  await it.said(repeated, ['Which order?', 'Which order?'])
  await it.handBack(sent, { action: 'goto', card: 'other' })
  await it.said(sent, ['Which order?', 'Elsewhere'])
})

test('a takeover of one number leaves the other alone; a journey that starts meanwhile stands at its first word', async () => {
  const waId = '491720000011'
  const { journeyId } = await it.house.publish(
    {
      start: 'say',
      triggers: [{ type: 'api' }],
      cards: { say: { type: 'message', settings: { text: 'An event came' } } },
    },
    'Late',
  )
  await it.house.text(waId, 'nothing that starts anything')
  await eventually(async () => expect((await it.chatOf(waId)).conversationId).not.toBe(''))
  await it.takeOver(waId)
  const { contactId } = await it.chatOf(waId)
  const { workspaceId, deps } = it.house
  await requestRun(deps, { workspaceId, journeyId, contactId, by: 'test', vars: {}, trigger: 'api' })
  await stands(waId)
  expect(await it.texts(waId)).toEqual([])
  await it.handBack(waId)
  await it.said(waId, ['An event came'])
})
