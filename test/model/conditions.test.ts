import { conditionSchema, evaluateCondition, type Condition } from '../../src/model/conditions.ts'

const scope = {
  contact: {
    first_name: 'Änn ',
    tags: ['VIP', 'new'],
    time_zone: 'Asia/Kolkata',
    attributes: { age: 17, city: 'Rome', joined: '2026-01-02T03:04:05Z', langs: ['de', 'en'], empty: '' },
  },
  vars: { n: '7', zero: 0, no: false },
  event: { amount: 12.5 },
  reply: { text: 'Yes please' },
  // Saturday 15:30 in Kolkata.
  nowMs: Date.parse('2026-11-21T10:00:00Z'),
}
const holds = (condition: unknown) => evaluateCondition(conditionSchema.parse(condition), scope)
const compare = (path: string, operator: string, value?: unknown) =>
  holds({ kind: 'compare', path, operator, value })

test.each<[string, string, unknown, boolean]>([
  ['contact.first_name', 'equals', ' äNN', true],
  ['contact.first_name', 'not-equals', 'bob', true],
  ['contact.last_name', 'equals', '', false],
  ['contact.last_name', 'not-equals', 'x', true],
  ['vars.n', 'equals', 7, true],
  ['vars.zero', 'equals', '0', true],
  ['vars.no', 'equals', 'false', true],
  ['reply.text', 'contains', 'PLEASE', true],
  ['reply.text', 'not-contains', 'never', true],
  ['contact.attributes.langs', 'contains', 'DE', true],
  ['contact.attributes.langs', 'contains', 'd', false],
  ['contact.tags.0', 'starts-with', 'v', true],
  ['contact.attributes.city', 'ends-with', 'ME', true],
  ['contact.attributes.city', 'in', ['paris', 'rome'], true],
  ['contact.attributes.city', 'not-in', ['paris'], true],
  ['contact.attributes.city', 'in', 'rome', false],
  ['event.amount', 'greater', '12', true],
  ['event.amount', 'greater-or-equal', 12.5, true],
  ['contact.attributes.age', 'less', 18, true],
  ['contact.attributes.age', 'less-or-equal', 16, false],
  ['contact.attributes.city', 'greater', 1, false],
  ['contact.attributes.missing', 'less', 1, false],
  ['contact.attributes.age', 'exists', undefined, true],
  ['contact.attributes.empty', 'exists', undefined, false],
  ['contact.attributes.empty', 'not-exists', undefined, true],
  ['contact.attributes.joined', 'before', '2026-06-01', true],
  ['contact.attributes.joined', 'after', '2026-06-01', false],
  ['contact.attributes.city', 'after', '2026-06-01', false],
  ['contact.constructor.name', 'exists', undefined, false],
])('%s %s %j is %s', (path, operator, value, expected) => {
  expect(compare(path, operator, value)).toBe(expected)
})

test('tags are compared without regard to case', () => {
  expect(holds({ kind: 'tag', tag: 'vip' })).toBe(true)
  expect(holds({ kind: 'tag', tag: 'old', has: false })).toBe(true)
  expect(holds({ kind: 'tag', tag: 'old' })).toBe(false)
})

test.each([
  ['15:00', '16:00', ['saturday'], true],
  ['15:30', '15:31', ['saturday'], true],
  ['16:00', '17:00', ['saturday'], false],
  ['15:00', '16:00', ['sunday'], false],
  ['22:00', '16:00', ['saturday'], true],
  ['22:00', '06:00', ['saturday'], false],
])("from %s to %s on %j in the contact's zone: %s", (from, to, weekdays, expected) => {
  expect(holds({ kind: 'local-time', from, to, weekdays })).toBe(expected)
})

test('groups and negation', () => {
  const yes: Condition = { kind: 'tag', tag: 'vip', has: true }
  const no: Condition = { kind: 'not', condition: yes }
  expect(holds({ kind: 'and', conditions: [yes, no] })).toBe(false)
  expect(holds({ kind: 'or', conditions: [no, yes] })).toBe(true)
  expect(holds({ kind: 'not', condition: { kind: 'or', conditions: [no, no] } })).toBe(true)
})

test.each([
  { kind: 'compare', path: 'secrets.key', operator: 'exists' },
  { kind: 'compare', path: 'contact.x', operator: 'resembles', value: 1 },
  { kind: 'and', conditions: [] },
  { kind: 'local-time', from: '9', to: '10:00' },
])('%j is no condition', (condition) => {
  expect(conditionSchema.safeParse(condition).success).toBe(false)
})
