import { cards } from '../../workflows/cards/index.ts'
import { simulateCard } from '../support/simulate-card.ts'

const ask = (answer: string, more: object = {}) => ({
  question: 'Tell me',
  answer,
  variable: 'answer',
  ...more,
})

test.each<[string, object, object, unknown]>([
  ['text', ask('text'), { text: ' blue ' }, 'blue'],
  ['number', ask('number'), { text: '-3,5' }, -3.5],
  ['number in groups', ask('number'), { text: '1,234,567.5' }, 1_234_567.5],
  ['number in other groups', ask('number'), { text: '1.234,5' }, 1_234.5],
  ['small number', ask('number'), { text: '0,125' }, 0.125],
  ['email', ask('email'), { text: 'ann@example.com' }, 'ann@example.com'],
  ['phone', ask('phone'), { text: '+49 170 123-4567' }, '491701234567'],
  ['date', ask('date'), { text: '2026-02-28' }, '2026-02-28'],
  ['date in words', ask('date'), { text: '3rd April 2026' }, '2026-04-03'],
  ['date by numbers', ask('date', { dateOrder: 'month-first' }), { text: '4/3/2026' }, '2026-04-03'],
  ['choice by button', ask('choice', { choices: ['Red', 'Blue'] }), { buttonId: 'choice-1' }, 'Blue'],
  ['choice by word', ask('choice', { choices: ['Red', 'Blue'] }), { text: 'red' }, 'Red'],
  ['choice by number', ask('choice', { choices: ['A', 'B', 'C', 'D'] }), { text: '4' }, 'D'],
  ['choice that is a number', ask('choice', { choices: ['4', '3', '2', '1'] }), { text: '1' }, '1'],
  [
    'location',
    ask('location'),
    { location: { latitude: 1.5, longitude: 2 } },
    { latitude: 1.5, longitude: 2 },
  ],
  ['pattern', ask('regex', { pattern: '^[A-Z]{3}$' }), { text: 'ABC' }, 'ABC'],
])('a valid %s is kept', async (_kind, settings, reply, value) => {
  const { outlet, vars } = await simulateCard('user-input', settings, { replies: [reply] })
  expect(outlet).toBe('valid')
  expect(vars['answer']).toEqual(value)
})

test.each<[string, object, object]>([
  ['number', ask('number'), { text: 'three' }],
  ['number with a comma that may be a point', ask('number'), { text: '1,500' }],
  ['email', ask('email'), { text: 'ann@' }],
  ['phone', ask('phone'), { text: '12' }],
  ['date', ask('date'), { text: '2026-02-30' }],
  ['choice', ask('choice', { choices: ['Red'] }), { text: 'green' }],
  ['location', ask('location'), { text: 'here' }],
  ['file', ask('file'), { text: 'see above' }],
  ['pattern', ask('regex', { pattern: '^[A-Z]{3}$' }), { text: 'abc' }],
  ['pattern in a long text', ask('regex', { pattern: '^[a-z]+$' }), { text: `${'a'.repeat(200)}!` }],
])('an invalid %s is asked for again, as often as it says', async (_kind, settings, reply) => {
  const { outlet, texts } = await simulateCard(
    'user-input',
    { ...settings, retries: 1, invalidText: 'Once more' },
    { replies: [reply, reply, reply] },
  )
  expect(outlet).toBe('invalid')
  expect(texts).toHaveLength(2)
  expect(texts[1]).toMatch(/^Once more/)
})

test('an answer is saved as an attribute that later texts see', async () => {
  const { trace } = await simulateCard('user-input', ask('text', { attribute: 'city' }), {
    replies: [{ text: 'Rome' }],
  })
  expect(trace).toContainEqual(expect.objectContaining({ kind: 'attributes.set', data: { names: ['city'] } }))
})

test('an attribute alone is enough; neither it nor a variable is not', () => {
  const check = cards['user-input']?.check
  expect(check?.({ question: 'Where?', attribute: 'city' }, new Set())).toEqual([])
  expect(check?.({ question: 'Where?' }, new Set())).toEqual([['variable', expect.any(String)]])
  const twice = ask('choice', { choices: ['Red', 'red '] })
  expect(check?.(twice, new Set())).toEqual([['choices', 'two choices are the same']])
})

test('for a location WhatsApp shows its own button', async () => {
  const { messages } = await simulateCard('user-input', ask('location'))
  expect(messages[0]?.content).toMatchObject({ interactive: { type: 'location_request_message' } })
})

test('silence leaves by the time-out, a refusal by failed', async () => {
  expect(await simulateCard('user-input', ask('text'))).toMatchObject({
    outlet: 'timeout',
    afterMs: 86_400_000,
  })
  expect(await simulateCard('user-input', ask('text'), { windowOpen: false })).toMatchObject({
    outlet: 'failed',
  })
})
