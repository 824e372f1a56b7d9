import { arbiterSettingsSchema, longestWindowMs } from '../../src/model/arbiter-settings.ts'
import { judgeSend, type ContactTraffic, type SendQuestion } from '../../src/model/arbiter.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** Saturday, noon in UTC. */
const nowMs = Date.parse('2026-11-21T12:00:00Z')
const at = (ms: number) => new Date(ms).toISOString()

const judge = (
  settings: object,
  traffic: Partial<ContactTraffic> = {},
  question: Partial<SendQuestion> = {},
) => {
  const verdict = judgeSend(
    arbiterSettingsSchema.parse(settings),
    {
      ...{ category: 'marketing', priority: 5, nowMs, expiresAtMs: nowMs + 3 * dayMs, timeZone: 'UTC' },
      ...question,
    },
    { sent: [], lastReplyMs: undefined, waiting: [], ...traffic },
  )
  return 'untilMs' in verdict && verdict.untilMs !== undefined
    ? { ...verdict, untilMs: at(verdict.untilMs) }
    : verdict
}
const cap = (maximum: number, amount: number, unit: string, categories = ['marketing']) => ({
  caps: [{ categories, maximum, window: { amount, unit } }],
})
const sent = (...agoMs: number[]) => ({
  sent: agoMs.map((ago) => ({ category: 'marketing' as const, atMs: nowMs - ago })),
})

test('without settings nothing stands against a message', () => {
  expect(judge({}, sent(1, 2, 3))).toEqual({ verdict: 'grant', reason: 'no cap counts it' })
  expect(longestWindowMs(arbiterSettingsSchema.parse({}))).toBe(0)
})

test('a cap opens when the message that fills it leaves the rolling window, not before', () => {
  const two = cap(2, 24, 'hours')
  expect(judge(two, sent(hourMs))).toEqual({
    verdict: 'grant',
    reason: '2 of 2 marketing messages in 24 hours',
  })
  expect(judge(two, sent(hourMs, 20 * hourMs))).toEqual({
    verdict: 'defer',
    code: 'frequency_cap',
    untilMs: '2026-11-21T16:00:00.000Z',
    reason: '2 of 2 marketing messages in 24 hours were sent',
  })
  expect(judge(two, sent(hourMs, 24 * hourMs - 1))).toMatchObject({ verdict: 'defer' })
  expect(judge(two, sent(hourMs, 24 * hourMs))).toMatchObject({ verdict: 'grant' })
  // More than fit were sent under other settings: two of the three must leave the window.
  expect(judge(two, sent(hourMs, 2 * hourMs, 3 * hourMs))).toMatchObject({
    untilMs: '2026-11-22T10:00:00.000Z',
  })
})

test('a cap counts its own categories, together', () => {
  const both = cap(1, 1, 'days', ['marketing', 'utility'])
  expect(judge(both, sent(hourMs), { category: 'utility' })).toMatchObject({ verdict: 'defer' })
  expect(judge(both, sent(hourMs), { category: 'authentication' })).toMatchObject({ verdict: 'grant' })
  expect(judge(cap(1, 1, 'days', ['utility']), sent(hourMs), { category: 'utility' })).toMatchObject({
    verdict: 'grant',
  })
})

test('what would come after its expiry is denied, and a maximum of 0 denies for ever', () => {
  const expiresAtMs = nowMs + hourMs
  expect(judge(cap(1, 1, 'days'), sent(hourMs), { expiresAtMs })).toMatchObject({
    verdict: 'deny',
    code: 'frequency_cap',
  })
  expect(judge(cap(0, 1, 'days'))).toEqual({
    verdict: 'deny',
    untilMs: undefined,
    code: 'frequency_cap',
    reason: '0 of 0 marketing messages in 1 day were sent',
  })
})

test('the gap counts from the last message, whichever category it had', () => {
  const gap = { minimumGap: { duration: { amount: 4, unit: 'hours' } } }
  expect(judge(gap, sent(3 * hourMs), { category: 'utility' })).toMatchObject({
    verdict: 'defer',
    untilMs: '2026-11-21T13:00:00.000Z',
    reason: '4 hours must lie between two messages',
  })
  expect(judge(gap, sent(4 * hourMs))).toMatchObject({ verdict: 'grant' })
  expect(judge(gap, sent(hourMs), { category: 'authentication' })).toMatchObject({ verdict: 'grant' })
})

describe('quiet hours', () => {
  const quiet = { quietHours: { from: '21:00', to: '09:00' } }

  test('go over midnight, in the zone of the contact', () => {
    expect(judge(quiet)).toMatchObject({ verdict: 'grant' })
    // 21:00 in Tokyo, and quarter to in Kathmandu's odd zone is 17:45.
    expect(judge(quiet, {}, { timeZone: 'Asia/Tokyo' })).toEqual({
      verdict: 'defer',
      code: 'quiet_hours',
      untilMs: '2026-11-22T00:00:00.000Z',
      reason: 'it is quiet from 21:00 to 09:00 in Asia/Tokyo',
    })
    expect(judge(quiet, {}, { timeZone: 'Asia/Kathmandu' })).toMatchObject({ verdict: 'grant' })
    expect(judge(quiet, {}, { nowMs: nowMs + 21 * hourMs })).toMatchObject({ verdict: 'grant' })
  })

  test('are kept when another obstacle ends within them', () => {
    const settings = { ...quiet, ...cap(1, 24, 'hours') }
    expect(judge(settings, sent(12 * hourMs))).toMatchObject({
      code: 'quiet_hours',
      untilMs: '2026-11-22T09:00:00.000Z',
    })
    expect(judge(settings, sent(12 * hourMs), { expiresAtMs: nowMs + 20 * hourMs })).toMatchObject({
      verdict: 'deny',
      code: 'quiet_hours',
    })
  })

  test('quiet days are quiet all day, and lead into the night', () => {
    const weekend = { quietHours: { from: '20:00', to: '10:00', days: ['saturday', 'sunday'] } }
    expect(judge(weekend)).toMatchObject({ untilMs: '2026-11-23T10:00:00.000Z' })
  })

  test('end by the clock on the wall when the clocks change', () => {
    // Berlin goes back to winter time in the night to 25 October 2026.
    const nightMs = Date.parse('2026-10-24T22:30:00Z')
    const question = { nowMs: nightMs, expiresAtMs: nightMs + dayMs, timeZone: 'Europe/Berlin' }
    expect(judge(quiet, {}, question)).toMatchObject({ untilMs: '2026-10-25T08:00:00.000Z' })
    const springMs = Date.parse('2026-03-28T22:30:00Z')
    const spring = { nowMs: springMs, expiresAtMs: springMs + dayMs, timeZone: 'Europe/Berlin' }
    expect(judge(quiet, {}, spring)).toMatchObject({ untilMs: '2026-03-29T07:00:00.000Z' })
  })

  test('a quiet noon, and categories that it does not hold back', () => {
    const noon = { quietHours: { from: '12:00', to: '13:30' } }
    expect(judge(noon)).toMatchObject({ untilMs: '2026-11-21T13:30:00.000Z' })
    expect(judge(noon, {}, { category: 'utility' })).toMatchObject({ verdict: 'grant' })
    expect(judge(noon, {}, { nowMs: nowMs + 90 * minuteMs })).toMatchObject({ verdict: 'grant' })
  })
})

test('who wrote just now is not interrupted by marketing', () => {
  const settings = { replyWins: { within: { amount: 30, unit: 'minutes' } } }
  const lastReplyMs = nowMs - 10 * minuteMs
  expect(judge(settings, { lastReplyMs })).toEqual({
    verdict: 'defer',
    code: 'recent_reply',
    untilMs: '2026-11-21T12:20:00.000Z',
    reason: 'the contact wrote less than 30 minutes ago',
  })
  expect(judge(settings, { lastReplyMs }, { category: 'utility' })).toMatchObject({ verdict: 'grant' })
  expect(judge(settings, { lastReplyMs: nowMs - hourMs })).toMatchObject({ verdict: 'grant' })
  // After exactly that time it is over: a message that waited for it must not wait for nothing.
  expect(judge(settings, { lastReplyMs: nowMs - 30 * minuteMs })).toMatchObject({ verdict: 'grant' })
})

test('of several obstacles the one that lasts longest says when', () => {
  const settings = {
    ...cap(1, 24, 'hours'),
    minimumGap: { duration: { amount: 2, unit: 'hours' } },
    replyWins: { within: { amount: 30, unit: 'minutes' } },
  }
  const traffic = { ...sent(hourMs), lastReplyMs: nowMs }
  expect(judge(settings, traffic)).toMatchObject({
    code: 'frequency_cap',
    untilMs: at(nowMs + 23 * hourMs),
    reason: expect.stringContaining('1 of 1 marketing'),
  })
  expect(judge({ ...settings, caps: [] }, traffic)).toMatchObject({ untilMs: at(nowMs + hourMs) })
  expect(judge({ ...settings, caps: [] }, { ...sent(2 * hourMs), lastReplyMs: nowMs })).toMatchObject({
    code: 'recent_reply',
  })
  // One that ends in time does not hide one that does not.
  expect(judge(settings, traffic, { expiresAtMs: nowMs + 2 * hourMs })).toMatchObject({
    verdict: 'deny',
    untilMs: at(nowMs + 23 * hourMs),
  })
  // What may go out at its very last moment still may.
  expect(judge(settings, traffic, { expiresAtMs: nowMs + 23 * hourMs })).toMatchObject({ verdict: 'defer' })
  expect(judge(settings, traffic, { expiresAtMs: nowMs + 23 * hourMs - 1 })).toMatchObject({
    verdict: 'deny',
  })
})

describe('priority', () => {
  const waiting = (priority: number, inMs: number, more: object = {}) => ({
    ...{ category: 'marketing' as const, priority, untilMs: nowMs + inMs, expiresAtMs: nowMs + dayMs },
    ...more,
  })
  const two = cap(2, 1, 'days')

  test('the last place is left to whoever goes first', () => {
    const traffic = { ...sent(hourMs), waiting: [waiting(2, 10 * minuteMs)] }
    expect(judge(two, traffic)).toMatchObject({
      verdict: 'defer',
      untilMs: '2026-11-21T12:10:05.000Z',
      reason: 'a message of priority 2 waits for the room that is left, and this one has priority 5',
    })
    expect(judge(two, traffic, { priority: 2 })).toMatchObject({ verdict: 'grant' })
    expect(judge(two, traffic, { priority: 1 })).toMatchObject({ verdict: 'grant' })
  })

  test('there is room for both, or nothing is short: nobody yields', () => {
    expect(judge(two, { waiting: [waiting(2, minuteMs)] })).toMatchObject({ verdict: 'grant' })
    expect(judge({}, { waiting: [waiting(1, minuteMs)] })).toMatchObject({ verdict: 'grant' })
  })

  test('whoever comes after the window, has expired, is absent or of another category keeps nobody waiting', () => {
    const one = cap(1, 1, 'hours')
    for (const other of [
      waiting(1, 2 * hourMs),
      waiting(1, minuteMs, { expiresAtMs: nowMs - 1 }),
      waiting(1, -6 * minuteMs),
      waiting(1, minuteMs, { category: 'utility' }),
    ])
      expect(judge(one, { waiting: [other] })).toMatchObject({ verdict: 'grant' })
    expect(judge(one, { waiting: [waiting(1, -minuteMs)] })).toMatchObject({
      verdict: 'defer',
      untilMs: '2026-11-21T12:00:05.000Z',
    })
  })

  test('the gap is kept free too', () => {
    const gap = { minimumGap: { duration: { amount: 1, unit: 'hours' } } }
    expect(judge(gap, { waiting: [waiting(3, 30 * minuteMs)] })).toMatchObject({ verdict: 'defer' })
    expect(judge(gap, { waiting: [waiting(3, 2 * hourMs)] })).toMatchObject({ verdict: 'grant' })
  })
})

test('settings that cannot be kept are refused, each by its name', () => {
  const problems = (settings: object) =>
    arbiterSettingsSchema.safeParse(settings).error?.issues.map(({ path }) => path.join('.'))
  expect(problems({ quietHours: { from: '09:00', to: '09:00' } })).toEqual(['quietHours.to'])
  expect(problems({ timeZone: 'Mars/Olympus' })).toEqual(['timeZone'])
  expect(problems({ caps: [{ categories: [], maximum: 1, window: { amount: 1, unit: 'days' } }] })).toEqual([
    'caps.0.categories',
  ])
  expect(problems({ expireAfter: { amount: 100, unit: 'weeks' } })).toEqual(['expireAfter'])
  expect(
    problems({
      quietHours: { from: '1:00', to: '09:00', days: ['monday', 'monday'] },
    }),
  ).toEqual(['quietHours.from'])
})
