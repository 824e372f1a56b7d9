import { cards } from '../../workflows/cards/index.ts'
import { simulateCard } from '../support/simulate-card.ts'

const buttons = [
  { id: 'yes', title: 'Yes' },
  { id: 'no', title: 'No' },
]
const question = { body: 'Shall we?', buttons, variable: 'answer', timeout: { amount: 2, unit: 'hours' } }

test.each([
  ['a tap', { buttonId: 'no' }, 'button:no', 'No'],
  ['a title typed by hand', { text: ' YES ' }, 'button:yes', 'YES'],
  ['other words', { text: 'perhaps' }, 'other', 'perhaps'],
  ['a tap on an older question', { buttonId: 'gone', text: 'Gone' }, 'other', 'Gone'],
])('%s', async (_what, reply, outlet, answer) => {
  const result = await simulateCard('interactive-message', question, {
    replies: [{ ...reply, afterMs: 60_000 }],
  })
  expect(result).toMatchObject({ outlet, afterMs: 60_000 })
  expect((result.vars['answer'] as string).trim()).toBe(answer)
  expect(result.messages[0]?.content).toMatchObject({
    interactive: { action: { buttons: [{ reply: buttons[0] }, { reply: buttons[1] }] } },
  })
})

test('silence leaves by the time-out, after one reminder', async () => {
  const reminder = { after: { amount: 1, unit: 'hours' }, text: 'Still there?' }
  const silent = await simulateCard('interactive-message', { ...question, reminder })
  expect(silent).toMatchObject({ outlet: 'timeout', texts: ['Shall we?', 'Still there?'] })
  expect(silent.messages.map(({ atMs }) => atMs - silent.finishedAtMs)).toEqual([-7_200_000, -3_600_000])
  const late = await simulateCard(
    'interactive-message',
    { ...question, reminder },
    { replies: [{ buttonId: 'yes', afterMs: 5_400_000 }] },
  )
  expect(late).toMatchObject({ outlet: 'button:yes', afterMs: 5_400_000 })
})

test('a reply that comes after the time-out answers nothing', async () => {
  const result = await simulateCard('interactive-message', question, {
    replies: [{ buttonId: 'yes', afterMs: 7_200_000 }],
  })
  expect(result.outlet).toBe('timeout')
})

test('a call button asks nothing, and stands alone', async () => {
  const call = { body: 'Shall we talk?', call: { title: 'Call us', validMinutes: 60 } }
  const { outlet, messages } = await simulateCard('interactive-message', call)
  expect(outlet).toBe('next')
  expect(messages[0]?.content).toMatchObject({
    interactive: { type: 'voice_call', action: { parameters: { display_text: 'Call us', ttl_minutes: 60 } } },
  })
  const check = cards['interactive-message']?.check
  expect(check?.({ ...call, footer: 'x' }, new Set())).toEqual([['footer', expect.any(String)]])
  expect(check?.({ ...call, buttons }, new Set())).toEqual([['buttons', expect.any(String)]])
})

test('a header out of the library; other words are asked again as often as it says', async () => {
  const library = '0190a8f0-0000-7000-8000-000000000001'
  const settings = {
    ...question,
    ...{ header: { type: 'image', image: { library } }, retries: 1, invalidText: 'Yes or no?' },
  }
  const { outlet, texts, messages } = await simulateCard('interactive-message', settings, {
    replies: [{ text: 'perhaps' }, { text: 'no' }],
  })
  expect({ outlet, texts }).toEqual({ outlet: 'button:no', texts: ['Shall we?', 'Yes or no?'] })
  expect(messages[0]?.content).toMatchObject({
    interactive: { header: { type: 'image', image: { library } } },
  })
})

test('a URL button asks nothing', async () => {
  const settings = { body: 'Look', url: { title: 'Open', url: 'https://example.com/a' } }
  const { outlet, messages } = await simulateCard('interactive-message', settings)
  expect(outlet).toBe('next')
  expect(messages[0]?.content).toMatchObject({ interactive: { type: 'cta_url' } })
})

test('it leaves by failed when the question may not be sent', async () => {
  const { outlet } = await simulateCard('interactive-message', question, { windowOpen: false })
  expect(outlet).toBe('failed')
})
