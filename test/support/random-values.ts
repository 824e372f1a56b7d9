import fc from 'fast-check'
import { before, type Period } from '../../src/model/condition-period.ts'

/** What conditions and contacts are made of: few values of each kind, so that they meet. */
export const nowMs = Date.parse('2026-11-21T10:00:00Z')
const id = (n: number) => `01900000-0000-7000-8000-00000000000${n}`
export const known = {
  segments: [id(1), id(2)],
  journeys: [id(3), id(4)],
  numbers: [id(5), id(6)],
  campaigns: [id(7), id(8)],
  events: ['purchase', 'visit', 'message_received', 'message_read', 'button_clicked', 'tag_added'],
}

const oddTexts = [
  ...(
    'gold|Gold|GOLD | gold|ｇｏｌｄ|golden|ol|ﬁne|FINE|straße|STRASSE|ẞ|ß|Σίσυφος|ΣΊΣΥΦΟΣ|σίσυφοσ|İstanbul|' +
    'istanbul|i̇stanbul|ISTANBUL|ı|caf\u00e9|cafe\u0301|\u212b|\u00c5|A\u030a|👍🏽|👍|한글|\u1112\u1161\u11ab|' +
    'नमस्ते|\u00a0x\u00a0|\u2003x|x|X|\ufeffx|\u200bx|\u1680x|\u2028|\u0085x|\u001cx|\u3000|| |\t\n|' +
    '\u0001|ǅ|ǆ|Ꭰ|ꭰ|7| 7|07|7.0|7e0|+7|-7|7.|.5|0.5|1e3|1000|1,000|0x10|16|1e400|NaN|Infinity|-0|0|１２|१२|' +
    '12|1_000|1e-99|1e-7|0.0000001|1e+21|1e21|true|TRUE|false|null|undefined|[]|["a"]|[1, 2]|{"a":1}|{|' +
    '[object Object]|%|_|\\|$1|?|__proto__|constructor|a.b'
  ).split('|'),
  `${'9'.repeat(31)}`,
  `a'; drop table contacts; --`,
]
const times = (
  '2026-11-21|2026-11-20|2026-11-22|2024-02-29|2025-02-28|2026-02-30|2026-13-01|1990-11-21|1990-11-24|' +
  '2000-12-31|0000-01-01|0001-01-01|9999-12-31|2026-11-21T10:00:00Z|2026-11-21T10:00:00.000Z|' +
  '2026-11-21T10:00:00.0004Z|2026-11-21T09:59:59.9999999Z|2026-11-21T10:00|2026-11-21 10:00|' +
  '2026-11-21T15:30+05:30|2026-11-21T15:30:00+0530|2026-11-21T23:30:00Z|2026-11-20T20:00:00-08:00|' +
  '2026-11-21T24:00:00Z|2026-11-21T10:60Z|2026-11-21T10:00:00+15:00|2026-11-21T10:00:00+14:59|' +
  '2026-02-30T10:00:00Z|2026-11-14T10:00:00Z|2026-10-21T10:00:00Z|2026-11-21t10:00:00z| 2026-11-21|' +
  '2026|20261121|2026-11-21T|2026-11-21Z|2026-11-14T09:59:59.999Z|1763719200000'
).split('|')
/** No NUL and no half surrogate pairs: neither can be stored. */
const freeText = fc.string({ unit: 'binary', maxLength: 8 }).map((text) => text.replaceAll('\0', ''))
export const anyText = fc.oneof(
  { arbitrary: fc.constantFrom(...oddTexts), weight: 6 },
  { arbitrary: fc.constantFrom(...times), weight: 3 },
  { arbitrary: freeText, weight: 1 },
)
/** What is a number to some and a text to others. */
export const numberish = fc.oneof(
  fc.constantFrom(7, 0, 16, 0.5, 1000, 12, 1e-7, true, false),
  fc.constantFrom(
    ...'7| 7|7\n|07|7.0|7e0|+7|-7|7.|.5|1e3|1,000|0x10|1e400|NaN|１２|12|1_000|1e-7|true'.split('|'),
  ),
)
export const anyNumber = fc.oneof(
  fc.constantFrom(
    7,
    0,
    -0,
    16,
    0.5,
    1000,
    1e21,
    123456789012345680000,
    1e-7,
    0.1 + 0.2,
    -7,
    12,
    1,
    1e300,
    5e-324,
    2 ** 53,
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)
export const scalar = fc.oneof(
  { arbitrary: anyText, weight: 5 },
  { arbitrary: anyNumber, weight: 2 },
  { arbitrary: fc.boolean(), weight: 1 },
)
export const attributeNames = 'plan|age|joined|langs|nested|__proto__|constructor|length|0'.split('|')
const shallow = fc.oneof(
  scalar,
  fc.constant(null),
  fc.array(fc.oneof(scalar, fc.constant(null)), { maxLength: 3 }),
)
/** Anything an attribute may hold. */
const attributeValue = fc.oneof(
  { arbitrary: scalar, weight: 6 },
  { arbitrary: fc.constant(null), weight: 1 },
  {
    arbitrary: fc.array(fc.oneof(shallow, fc.dictionary(fc.constantFrom('a', 'length'), scalar)), {
      maxLength: 3,
    }),
    weight: 2,
  },
  {
    arbitrary: fc.dictionary(fc.constantFrom('a', 'b', '0', '-1', '01', 'length', '__proto__'), shallow),
    weight: 2,
  },
)
export const tagNames = ['vip', 'VIP', ' Vip', 'ｖｉｐ', 'new', 'straße', 'Σ', '7', 'true']
export const zones = (
  'Asia/Kolkata|asia/calcutta|America/Los_Angeles|Pacific/Kiritimati|Pacific/Pago_Pago|Etc/GMT+5|UTC|' +
  'EST|Japan|Nowhere/Nope|IST|UTC+3||+05:30|-0800|+14|Europe/Berlin|America/Argentina/Ushuaia'
).split('|')

const periods: Period[] = [
  ...([1, 7, 30] as const).map((amount) => ({ amount, unit: 'days' as const })),
  { amount: 1, unit: 'months' },
  { amount: 13, unit: 'months' },
  { amount: 1, unit: 'weeks' },
  { amount: 90, unit: 'minutes' },
  { amount: 24, unit: 'hours' },
  { amount: 10_000, unit: 'months' },
]
export const period = fc.constantFrom(...periods)
/** Instants of what happened: often exactly where a window of some condition begins, or a millisecond beside it. */
export const momentMs = fc.oneof(
  fc.tuple(period, fc.constantFrom(-1, 0, 1)).map(([length, aside]) => before(nowMs, length) + aside),
  fc.integer({ min: -40 * 24 * 60, max: 60 }).map((minutes) => nowMs + minutes * 60_000),
)

const iso = momentMs.map((ms) => new Date(ms).toISOString())
/** Attributes of any type, but more often of the one that their name suggests, so that conditions find something. */
export const attributes = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...attributeNames), attributeValue),
    fc.record(
      { age: numberish, joined: fc.oneof(fc.constantFrom(...times), iso), plan: anyText },
      { requiredKeys: [] },
    ),
  )
  .map(([any, typed]) => ({ ...any, ...typed }))
