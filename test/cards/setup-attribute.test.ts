import { simulateCard } from '../support/simulate-card.ts'

const set = (type: string, value: unknown) => ({
  assignments: [{ target: 'variable', name: 'x', type, value }],
})

test.each<[string, unknown, unknown]>([
  ['string', 'Hi {{contact.first_name}}', 'Hi Ann'],
  ['integer', '42', 42],
  ['float', '-1.5', -1.5],
  ['boolean', 'Yes', true],
  ['date', '2026-12-24', '2026-12-24'],
  ['json', '{"a":[1]}', { a: [1] }],
])('a %s is set', async (type, value, expected) => {
  const { outlet, vars } = await simulateCard('setup-attribute', set(type, value))
  expect(outlet).toBe('next')
  expect(vars['x']).toEqual(expected)
})

test.each<[string, unknown]>([
  ['integer', '4.2'],
  ['float', 'many'],
  ['boolean', 'maybe'],
  ['date', 'tomorrow'],
  ['json', '{'],
  ['string', '{{vars.nothing}}'],
])('what is no %s fails', async (type, value) => {
  expect(await simulateCard('setup-attribute', set(type, value))).toMatchObject({ outlet: 'failed' })
})

test('system and custom attributes are what later cards see', async () => {
  const { trace, state } = await simulateCard('setup-attribute', {
    assignments: [
      { name: 'first_name', value: 'Bob' },
      { name: 'city', value: '{{contact.first_name}}ville' },
    ],
  })
  expect(state).toBe('completed')
  expect(trace).toContainEqual(
    expect.objectContaining({ kind: 'attributes.set', data: { names: ['first_name', 'city'] } }),
  )
})
