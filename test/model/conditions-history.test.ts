import { historyProblems } from '../../src/model/condition-problems.ts'
import type { ConditionHistory } from '../../src/model/condition-history.ts'
import { conditionSchema, evaluateCondition } from '../../src/model/conditions.ts'
import { bucketKey, bucketOf } from '../../src/model/random-bucket.ts'

const nowMs = Date.parse('2026-11-21T10:00:00Z')
const hours = (n: number) => nowMs - n * 3_600_000
const id = '01900000-0000-7000-8000-000000000001'
const other = '01900000-0000-7000-8000-000000000002'
const history: ConditionHistory = {
  events: [
    { type: 'bought', atMs: hours(1), attributes: { amount: 50, items: ['Shoes'] } },
    { type: 'bought', atMs: hours(48), attributes: { amount: '7' } },
    { type: 'bought', atMs: hours(24 * 90), attributes: {} },
  ],
  segmentIds: new Set([id]),
  runs: [
    { journeyId: id, state: 'completed', goalReached: true, startedAtMs: hours(30), endedAtMs: hours(20) },
    { journeyId: other, state: 'waiting', goalReached: false, startedAtMs: hours(2), endedAtMs: undefined },
  ],
  campaignMessages: [{ campaignId: id, at: { sent: hours(50), read: hours(10) } }],
  windows: [{ numberId: id, endsAtMs: nowMs + 1 }],
  consents: [{ category: 'marketing', state: 'opted_in' }],
  optedOut: false,
  lastSeenAtMs: hours(5),
  lastMessage: ['sent', 'delivered'],
}
const scope = {
  contact: { id, spam: true, time_zone: 'Pacific/Auckland', born: '1990-11-24' },
  vars: {},
  nowMs,
  history,
}
const holds = (condition: unknown, changed: Partial<ConditionHistory> = {}) =>
  evaluateCondition(conditionSchema.parse(condition), { ...scope, history: { ...history, ...changed } })
const bought = (more: object) => ({ kind: 'event', event: 'bought', ...more })
const amount = (operator: string, value: unknown) => ({
  kind: 'compare',
  path: 'event.amount',
  operator,
  value,
})
const days = (n: number) => ({ amount: n, unit: 'days' })

test.each<[object, boolean]>([
  [bought({}), true],
  [bought({ performed: false }), false],
  [bought({ count: { operator: 'at-least', times: 3 } }), true],
  [bought({ count: { operator: 'at-most', times: 2 } }), false],
  [
    bought({ count: { operator: 'exactly', times: 2 }, window: { last: { amount: 1, unit: 'months' } } }),
    true,
  ],
  [bought({ window: { from: '2026-11-01T00:00:00Z', to: '2026-11-19T10:00:00Z' } }), false],
  [bought({ window: { from: '2026-11-19T10:00:00Z' }, count: { operator: 'exactly', times: 2 } }), true],
  [bought({ where: amount('greater', 49) }), true],
  [bought({ where: amount('equals', 7), window: { last: days(1) } }), false],
  [bought({ where: { kind: 'compare', path: 'event.items', operator: 'contains', value: 'shoes' } }), true],
  [{ kind: 'event', event: 'left', performed: false }, true],
  [{ kind: 'segment', segmentId: id }, true],
  [{ kind: 'segment', segmentId: other, member: false }, true],
  [{ kind: 'journey', journeyId: id, what: 'completed', within: days(1) }, true],
  [{ kind: 'journey', journeyId: id, what: 'entered', within: days(1) }, false],
  [{ kind: 'journey', journeyId: id, what: 'goal-reached' }, true],
  [{ kind: 'journey', journeyId: other, what: 'active' }, true],
  [{ kind: 'journey', journeyId: other, what: 'failed' }, false],
  [{ kind: 'campaign', what: 'read', within: days(1) }, true],
  [{ kind: 'campaign', campaignId: id, what: 'sent', within: days(1) }, false],
  [{ kind: 'campaign', campaignId: other, what: 'sent' }, false],
  [{ kind: 'window' }, true],
  [{ kind: 'window', numberId: other }, false],
  [{ kind: 'window', numberId: other, open: false }, true],
  [{ kind: 'last-seen', operator: 'within', period: { amount: 5, unit: 'hours' } }, true],
  [{ kind: 'last-seen', operator: 'longer-ago', period: { amount: 5, unit: 'hours' } }, false],
  [{ kind: 'last-seen', operator: 'never' }, false],
  [{ kind: 'last-message', status: 'delivered' }, true],
  [{ kind: 'last-message', status: 'read' }, false],
  [{ kind: 'last-message', status: 'read', is: false }, true],
  [{ kind: 'consent', category: 'marketing', state: 'opted_in' }, true],
  [{ kind: 'consent', category: 'utility', state: 'unknown' }, true],
  [{ kind: 'consent', category: 'any', state: 'opted_out' }, false],
  [{ kind: 'spam' }, true],
  // It is the 21st at 23:00 in Auckland.
  [{ kind: 'compare', path: 'contact.born', operator: 'anniversary', offsetDays: 3 }, true],
  [{ kind: 'compare', path: 'contact.born', operator: 'anniversary' }, false],
])('%j is %s', (condition, expected) => {
  expect(holds(condition)).toBe(expected)
  expect(holds({ kind: 'not', condition })).toBe(!expected)
})

test('who opted out of everything opted out of each category', () => {
  const marketing = (state: string) =>
    holds({ kind: 'consent', category: 'marketing', state }, { optedOut: true })
  expect(['opted_in', 'opted_out', 'unknown'].map(marketing)).toEqual([false, true, false])
})

test('a leap day is remembered on the 28th in other years', () => {
  const on = (day: string) =>
    evaluateCondition(
      conditionSchema.parse({ kind: 'compare', path: 'contact.born', operator: 'anniversary' }),
      { contact: { born: '2000-02-29' }, vars: {}, nowMs: Date.parse(`${day}T12:00:00Z`) },
    )
  expect(['2026-02-28', '2026-03-01', '2028-02-28', '2028-02-29'].map(on)).toEqual([true, false, false, true])
})

test('where no history is loaded such a condition is a mistake, and journeys refuse it before', () => {
  const condition = conditionSchema.parse({ kind: 'not', condition: { kind: 'window' } })
  expect(() => evaluateCondition(condition, { contact: {}, vars: {}, nowMs })).toThrow('no history')
  expect(historyProblems(condition, 'condition')).toMatchObject([{ field: 'condition.condition' }])
  expect(historyProblems(conditionSchema.parse({ kind: 'spam' }), 'condition')).toEqual([])
})

test('buckets share contacts out evenly, each salt differently, the same each time', () => {
  const people = Array.from(
    { length: 20_000 },
    (_, at) => `01900000-0000-7000-8000-${at.toString(16).padStart(12, '0')}`,
  )
  const random = Array.from({ length: 20_000 }, () => crypto.randomUUID())
  for (const ids of [people, random]) {
    const [a, b] = ['a', 'b'].map((salt) => ids.map((each) => bucketOf(each, bucketKey(salt)) < 1_000)) as [
      boolean[],
      boolean[],
    ]
    const share = (bits: boolean[]) => bits.filter(Boolean).length / ids.length
    // Ten percent, give or take five standard deviations; of two salts together one percent.
    expect(Math.abs(share(a) - 0.1)).toBeLessThan(0.011)
    expect(Math.abs(share(b) - 0.1)).toBeLessThan(0.011)
    expect(Math.abs(share(a.map((bit, at) => bit && b[at] === true)) - 0.01)).toBeLessThan(0.0036)
  }
  expect(bucketOf(id, bucketKey('a'))).toBe(bucketOf(id.toUpperCase(), bucketKey('a')))
})
