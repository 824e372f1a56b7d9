import { newId } from '../../src/db/columns.ts'
import { validateJourney } from '../../src/journeys/validate-journey.ts'
import { blockExamples, menu } from '../blocks/block-examples.ts'
import { simulateCard, startAtMs } from '../support/simulate-card.ts'

const timeout = { amount: 2, unit: 'hours' }
const settings = (content: object) => ({ block: newId(), content, version: 1, variable: 'answer', timeout })
const example = (kind: string) => blockExamples.find(({ type }) => type === kind) ?? {}

test.each([
  ['a tapped row', { buttonId: 'salad' }, 'choice:salad', 'Salad'],
  ['a title typed by hand', { text: ' soup ' }, 'choice:soup', ' soup '],
  ['other words', { text: 'nothing' }, 'other', 'nothing'],
])('a list: %s', async (_what, reply, outlet, answer) => {
  const result = await simulateCard('block', settings(menu), { replies: [reply] })
  expect(result).toMatchObject({ outlet, texts: ['Dishes of the day for Ann'], vars: { answer } })
  expect(result.messages[0]?.content).toMatchObject({ interactive: { type: 'list', action: menu.action } })
})

test('reply buttons are outlets, and silence is one', async () => {
  const tapped = await simulateCard('block', settings(example('button')), { replies: [{ buttonId: 'no' }] })
  expect(tapped).toMatchObject({ outlet: 'choice:no', vars: { answer: 'No' } })
  const silent = await simulateCard('block', settings(example('button')))
  expect(silent).toMatchObject({ outlet: 'timeout', finishedAtMs: startAtMs + 7_200_000 })
})

test('a Flow that is filled in leaves its answers in the variable', async () => {
  const answers = { seats: '2', day: '2026-12-24' }
  const flow = settings(example('flow'))
  expect(await simulateCard('block', flow, { replies: [{ answers }] })).toMatchObject({
    outlet: 'answered',
    vars: { answer: answers },
  })
  expect(await simulateCard('block', flow, { replies: [{ text: 'Call me' }] })).toMatchObject({
    outlet: 'other',
    vars: { answer: 'Call me' },
  })
})

test('a location that was asked for', async () => {
  const location = { latitude: 52.5, longitude: 13.4 }
  const result = await simulateCard('block', settings(example('location_request_message')), {
    replies: [{ location }],
  })
  expect(result).toMatchObject({ outlet: 'answered', vars: { answer: location } })
})

test.each(['cta_url', 'product', 'product_list', 'catalog_message'])('%s asks nothing', async (kind) => {
  expect(await simulateCard('block', settings(example(kind)))).toMatchObject({ outlet: 'next' })
})

test('a block that was not found, and outlets that it has not', () => {
  const problems = (card: object) => {
    const cards = { it: { type: 'block', ...card } }
    return validateJourney({ start: 'it', cards, triggers: [{ type: 'api' }] })
      .filter(({ severity }) => severity === 'error')
      .map(({ field }) => field)
  }
  const { content: _content, ...without } = settings(menu)
  expect(problems({ settings: without })).toEqual(['cards.it.settings.block'])
  expect(problems({ settings: settings(menu), next: { 'choice:pie': 'it' } })).toEqual([
    'cards.it.next.choice:pie',
  ])
  expect(problems({ settings: settings({ ...menu, body: { text: '' } }) })).toEqual([
    'cards.it.settings.content.body.text',
  ])
  expect(problems({ settings: { ...settings(menu), reminder: { after: timeout, text: 'Hey' } } })).toEqual([
    'cards.it.settings.reminder.after',
  ])
})
