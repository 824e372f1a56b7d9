import { checkJourney } from '../../src/journeys/validate-journey.ts'
import { cards } from '../../workflows/cards/index.ts'
import { simulateCard } from '../support/simulate-card.ts'

const menu = {
  body: 'What would {{contact.first_name}} like?',
  button: 'Choose',
  sections: [
    { title: 'Warm', rows: [{ id: 'soup', title: 'Soup', description: 'Of lentils' }] },
    { title: 'Cold', rows: [{ id: 'salad', title: 'Salad' }] },
  ],
  variable: 'dish',
  timeout: { amount: 2, unit: 'hours' },
}

test.each([
  ['a tapped row', { buttonId: 'salad' }, 'row:salad', 'Salad'],
  ['a title typed by hand', { text: ' soup ' }, 'row:soup', ' soup '],
  ['other words', { text: 'nothing' }, 'other', 'nothing'],
  ['a row of an older list', { buttonId: 'gone', text: 'Gone' }, 'other', 'Gone'],
])('%s', async (_what, reply, outlet, kept) => {
  const result = await simulateCard('list-message', menu, { replies: [{ ...reply, afterMs: 60_000 }] })
  expect(result).toMatchObject({ outlet, afterMs: 60_000, vars: { dish: kept } })
  expect(result.messages[0]?.content).toMatchObject({
    interactive: {
      type: 'list',
      body: { text: 'What would Ann like?' },
      action: { sections: menu.sections },
    },
  })
})

test('other replies are asked again as often as it says, with its own words', async () => {
  const settings = { ...menu, retries: 1, invalidText: 'Please choose from the list.' }
  const replies = [{ text: 'pizza' }, { buttonId: 'soup' }, { text: 'late' }]
  const second = await simulateCard('list-message', settings, { replies })
  expect(second.outlet).toBe('row:soup')
  expect(second.texts).toEqual(['What would Ann like?', 'Please choose from the list.'])
  const never = await simulateCard('list-message', settings, { replies: [{ text: 'a' }, { text: 'b' }] })
  expect(never.outlet).toBe('other')
  const same = await simulateCard('list-message', { ...menu, retries: 1 }, { replies })
  expect(same.texts).toEqual(['What would Ann like?', 'What would Ann like?'])
})

test('silence leaves by the time-out after a reminder, a refusal by failed', async () => {
  const reminder = { after: { amount: 1, unit: 'hours' }, text: 'Still hungry?' }
  const silent = await simulateCard('list-message', { ...menu, reminder })
  expect(silent).toMatchObject({ outlet: 'timeout', afterMs: 7_200_000 })
  expect(silent.texts[1]).toBe('Still hungry?')
  expect(await simulateCard('list-message', menu, { windowOpen: false })).toMatchObject({ outlet: 'failed' })
})

test('an outlet per row, and the others', () => {
  expect(cards['list-message']?.outlets(menu).map(({ id }) => id)).toEqual([
    ...['row:soup', 'row:salad', 'other', 'timeout', 'interrupted', 'failed'],
  ])
})

const rows = (count: number) => Array.from({ length: count }, (_, at) => ({ id: `r${at}`, title: `${at}` }))

test.each<[string, object, string]>([
  [
    '11 rows',
    {
      sections: [
        { title: 'a', rows: rows(6) },
        { title: 'b', rows: rows(5) },
      ],
    },
    'sections',
  ],
  ['two rows of one id', { sections: [{ rows: [...rows(1), ...rows(1)] }] }, 'sections'],
  [
    'a section without a title',
    { sections: [{ title: 'a', rows: rows(1) }, { rows: [{ id: 'z', title: 'Z' }] }] },
    'sections.1.title',
  ],
  [
    'a reminder after the time-out',
    { reminder: { after: { amount: 3, unit: 'hours' }, text: 'x' } },
    'reminder.after',
  ],
  [
    'a reminder after it, in other units',
    { reminder: { after: { amount: 120, unit: 'minutes' }, text: 'x' } },
    'reminder.after',
  ],
])('%s: refused', (_what, change, field) => {
  const { problems } = checkJourney({
    start: 'it',
    cards: { it: { type: 'list-message', settings: { ...menu, ...change } } },
    triggers: [{ type: 'api' }],
  })
  expect(problems).toContainEqual(
    expect.objectContaining({ severity: 'error', field: `cards.it.settings.${field}` }),
  )
})

test('a placeholder counts as one character, its braces do not', () => {
  const title = '{{vars.a_rather_long_name | "Soup of the day"}}'
  const settings = { ...menu, sections: [{ rows: [{ id: 'a', title }] }] }
  expect(cards['list-message']?.settings.safeParse(settings).success).toBe(true)
})
