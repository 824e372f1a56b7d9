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
  ['integer', '12345678901234567890'],
  ['float', 'many'],
  ['boolean', 'maybe'],
  ['date', 'tomorrow'],
  ['json', '{'],
  ['string', '{{vars.nothing}}'],
])('what is no %s fails', async (type, value) => {
  expect(await simulateCard('setup-attribute', set(type, value))).toMatchObject({ outlet: 'failed' })
})

test.each<[string, string, unknown]>([
  ['integer', 'size(contact.first_name) * 2', 6],
  ['float', 'contact.?points.orValue(1) / 4', 0.25],
  ['string', 'contact.first_name + "!"', 'Ann!'],
  ['boolean', 'now > timestamp("2026-01-01T00:00:00Z")', true],
  ['json', '{"a": [1, 2]}', { a: [1, 2] }],
])('a formula gives a %s', async (type, value, expected) => {
  const assignments = [{ target: 'variable', name: 'x', kind: 'formula', type, value }]
  const { outlet, vars } = await simulateCard('setup-attribute', { assignments })
  expect(outlet).toBe('next')
  expect(vars['x']).toEqual(expected)
})

test('a formula that cannot be read is refused before publishing, one without an answer fails', async () => {
  const settings = (value: string) => ({ assignments: [{ name: 'x', kind: 'formula', value }] })
  await expect(simulateCard('setup-attribute', settings('1 +'))).rejects.toThrow(
    'assignments.0.value","message":"at character 4',
  )
  const { outlet, trace } = await simulateCard('setup-attribute', settings('contact.gone + 1'))
  expect(outlet).toBe('failed')
  expect(trace).toContainEqual(
    expect.objectContaining({
      kind: 'card.failed',
      data: { card: 'it', code: 'invalid_formula', reason: 'x: at character 9: No such key: gone' },
    }),
  )
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
