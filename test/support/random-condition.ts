import fc from 'fast-check'
import { writableAttributes } from '../../src/model/contact-attributes.ts'
import { weekdays } from '../../src/model/schedule.ts'
import {
  anyNumber,
  anyText,
  attributeNames,
  known,
  momentMs,
  period,
  scalar,
  tagNames,
  numberish,
} from './random-values.ts'

const steps = ['plan', 'a', 'b', '0', '1', '-1', '01', 'length', '__proto__', '2', '']
const contactPath = fc.oneof(
  fc.constantFrom(...attributeNames, ...writableAttributes),
  fc.constantFrom(
    'id',
    'phone',
    'wa_id',
    'username',
    'external_customer_id',
    'spam',
    'created_at',
    'last_seen_at',
    'source',
  ),
  fc.constantFrom(
    'tags',
    'tags.0',
    'tags.length',
    'name.x',
    'city.length',
    'attributes',
    'missing',
    'whatsapp_opted',
  ),
  fc
    .constantFrom(...attributeNames, 'city', 'name', 'first_name', 'country')
    .map((name) => `attributes.${name}`),
  fc
    .tuple(
      fc.constantFrom('nested', 'langs', 'attributes.nested', 'attributes.langs', 'plan'),
      fc.array(fc.constantFrom(...steps), { minLength: 1, maxLength: 2 }),
    )
    .map(([first, rest]) => [first, ...rest].join('.')),
)
const operators = (
  'equals|not-equals|contains|not-contains|starts-with|ends-with|in|not-in|greater|greater-or-equal|' +
  'less|less-or-equal|exists|not-exists|before|after|within-last|more-than-ago|within-next|is-today|' +
  'anniversary'
).split('|')
const operand = fc.oneof(
  { arbitrary: scalar, weight: 8 },
  { arbitrary: fc.array(fc.oneof(anyText, anyNumber), { maxLength: 4 }), weight: 1 },
)
const comparison = (path: fc.Arbitrary<string>) =>
  fc
    .record({
      path,
      operator: fc.constantFrom(...operators),
      value: operand,
      list: fc.array(fc.oneof(anyText, anyNumber), { maxLength: 5 }),
      period,
      offsetDays: fc.constantFrom(0, 3, -1, 366, undefined),
    })
    .map(({ path, operator, value, list, period, offsetDays }) => ({
      kind: 'compare',
      ...{ path, operator, period, offsetDays },
      value: operator.endsWith('in') ? list : value,
    }))
const anyComparison = comparison(
  fc.oneof(
    { arbitrary: contactPath.map((path) => `contact.${path}`), weight: 20 },
    { arbitrary: fc.constantFrom('vars.x', 'event.amount'), weight: 1 },
  ),
)
const numberComparison = fc.record({
  kind: fc.constant('compare'),
  path: fc.constantFrom('contact.age', 'contact.attributes.age'),
  operator: fc.constantFrom(
    'greater',
    'greater-or-equal',
    'less',
    'less-or-equal',
    'equals',
    'not-equals',
    'contains',
  ),
  value: numberish,
})
const timeComparison = fc.record({
  kind: fc.constant('compare'),
  path: fc.constantFrom(
    'contact.joined',
    'contact.created_at',
    'contact.last_seen_at',
    'contact.date_of_birth',
  ),
  operator: fc.constantFrom(
    'before',
    'after',
    'within-last',
    'more-than-ago',
    'within-next',
    'is-today',
    'anniversary',
  ),
  value: fc.oneof(anyText, momentMs.map(iso)),
  period,
  offsetDays: fc.constantFrom(0, 3, -1, undefined),
})
const contactComparison = fc.oneof(
  { arbitrary: anyComparison, weight: 3 },
  { arbitrary: numberComparison, weight: 1 },
  { arbitrary: timeComparison, weight: 2 },
)
const eventComparison = comparison(
  fc.constantFrom(
    'event.amount',
    'event.item.a',
    'event.list',
    'event.list.0',
    'event.message_id',
    'event.text',
    'event.type',
    'event.tag',
    'contact.plan',
  ),
)
const group = <T>(child: fc.Arbitrary<T>) =>
  fc.record({
    kind: fc.constantFrom('and', 'or'),
    conditions: fc.array(child, { minLength: 1, maxLength: 3 }),
  })
const not = <T>(child: fc.Arbitrary<T>) => fc.record({ kind: fc.constant('not'), condition: child })

const happened = fc.record(
  {
    kind: fc.constant('event'),
    event: fc.constantFrom(...known.events),
    performed: fc.boolean(),
    count: fc.record({
      operator: fc.constantFrom('at-least', 'at-most', 'exactly'),
      times: fc.constantFrom(0, 1, 2, 3),
    }),
    window: fc.oneof(
      fc.record({ last: period }),
      fc.record({ from: momentMs.map(iso), to: momentMs.map(iso) }, { requiredKeys: [] }),
    ),
    where: fc.oneof(eventComparison, group(eventComparison), not(eventComparison)),
  },
  { requiredKeys: ['kind', 'event'] },
)
const within = fc.option(period, { nil: undefined })
const percent = fc.constantFrom(0, 12.5, 33.33, 50, 100)
const otherLeaf = fc.oneof(
  fc.record({ kind: fc.constant('tag'), tag: fc.constantFrom(...tagNames), has: fc.boolean() }),
  fc.record({
    kind: fc.constant('local-time'),
    from: fc.constantFrom('00:00', '09:00', '10:00', '15:30', '22:00'),
    to: fc.constantFrom('06:00', '10:00', '15:31', '23:59'),
    weekdays: fc.subarray([...weekdays], { minLength: 1 }),
  }),
  fc.record({
    kind: fc.constant('segment'),
    segmentId: fc.constantFrom(...known.segments),
    member: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('journey'),
    journeyId: fc.constantFrom(...known.journeys),
    what: fc.constantFrom('entered', 'active', 'completed', 'exited', 'failed', 'goal-reached'),
    within,
  }),
  fc.record({
    kind: fc.constant('campaign'),
    campaignId: fc.constantFrom(...known.campaigns, undefined),
    what: fc.constantFrom('sent', 'delivered', 'read', 'failed', 'replied', 'clicked'),
    within,
  }),
  fc.record({
    kind: fc.constant('bucket'),
    salt: fc.string({ minLength: 1, maxLength: 5 }),
    from: percent,
    to: percent,
  }),
  fc.record({
    kind: fc.constant('last-seen'),
    operator: fc.constantFrom('within', 'longer-ago', 'never'),
    period,
  }),
  fc.record({
    kind: fc.constant('last-message'),
    status: fc.constantFrom('sent', 'delivered', 'read', 'failed', 'replied'),
    is: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('window'),
    open: fc.boolean(),
    numberId: fc.constantFrom(...known.numbers, undefined),
  }),
  fc.record({
    kind: fc.constant('consent'),
    category: fc.constantFrom('marketing', 'utility', 'authentication', 'any'),
    state: fc.constantFrom('opted_in', 'opted_out', 'unknown'),
  }),
  fc.record({ kind: fc.constant('spam'), is: fc.boolean() }),
)
const leaf = fc.oneof(
  { arbitrary: contactComparison, weight: 4 },
  { arbitrary: happened, weight: 2 },
  { arbitrary: otherLeaf, weight: 3 },
)

/** Conditions of every kind, up to three deep. */
export const anyCondition: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: leaf, weight: 5 },
  { arbitrary: group(fc.oneof(leaf, not(leaf), group(leaf))), weight: 3 },
  { arbitrary: not(fc.oneof(leaf, group(leaf))), weight: 2 },
)

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
