import fc from 'fast-check'
import {
  delayEndsAt,
  delaySchema,
  durationMs,
  localClock,
  nextLocalTime,
  weekdays,
} from '../../src/model/schedule.ts'

const at = (iso: string) => Date.parse(iso)
const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString())
const all = [...weekdays]

test('units', () => {
  expect(durationMs({ amount: 1.5, unit: 'minutes' })).toBe(90_000)
  expect(durationMs({ amount: 2, unit: 'weeks' })).toBe(14 * 86_400_000)
})

test.each([
  ['later today', '2026-11-21T07:00:00Z', '09:00', all, 'UTC', '2026-11-21T09:00:00.000Z'],
  ['never this very minute', '2026-11-21T09:00:00Z', '09:00', all, 'UTC', '2026-11-22T09:00:00.000Z'],
  [
    'next week at the latest',
    '2026-11-21T09:00:00Z',
    '09:00',
    ['saturday'],
    'UTC',
    '2026-11-28T09:00:00.000Z',
  ],
  // Clocks in Berlin go forward at 02:00 on 2026-03-29: 02:30 does not exist and becomes 03:30.
  [
    'an hour that is left out',
    '2026-03-28T12:00:00Z',
    '02:30',
    all,
    'Europe/Berlin',
    '2026-03-29T01:30:00.000Z',
  ],
  // They go back on 2026-10-25: 02:30 comes twice, the first counts.
  [
    'an hour that comes twice',
    '2026-10-24T12:00:00Z',
    '02:30',
    all,
    'Europe/Berlin',
    '2026-10-25T00:30:00.000Z',
  ],
  [
    'across the date line',
    '2026-11-21T20:00:00Z',
    '08:00',
    ['sunday'],
    'Pacific/Auckland',
    '2026-11-28T19:00:00.000Z',
  ],
])('%s', (_what, now, time, days, zone, expected) => {
  expect(iso(nextLocalTime(at(now), time, days, zone))).toBe(expected)
})

test('the next local time is after now, within eight days, on an allowed day', () => {
  const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/New_York', 'Pacific/Chatham')
  const instants = fc.integer({ min: at('2025-01-01T00:00:00Z'), max: at('2029-01-01T00:00:00Z') })
  const days = fc.subarray(all, { minLength: 1 })
  fc.assert(
    fc.property(instants, days, zones, (nowMs, allowed, zone) => {
      const next = nextLocalTime(nowMs, '13:45', allowed, zone)
      expect(next).toBeGreaterThan(nowMs)
      expect(next - nowMs).toBeLessThanOrEqual(8 * 86_400_000)
      const clock = localClock(next, zone)
      expect(clock.time).toBe('13:45')
      expect(allowed).toContain(clock.weekday)
    }),
  )
})

const endOf = (delay: object, value?: unknown, timeZone?: string) =>
  iso(delayEndsAt(delaySchema.parse(delay), at('2026-11-21T10:00:00Z'), { value, timeZone }))

test.each<[object, unknown, string | undefined, string | undefined]>([
  [{ mode: 'date-attribute', attribute: 'a' }, '2026-12-24', 'Asia/Kolkata', '2026-12-23T18:30:00.000Z'],
  [
    { mode: 'date-attribute', attribute: 'a', time: '09:00' },
    '2026-12-24T23:00:00Z',
    undefined,
    '2026-12-24T09:00:00.000Z',
  ],
  [
    { mode: 'date-attribute', attribute: 'a' },
    '2026-12-24T23:00:00+01:00',
    undefined,
    '2026-12-24T22:00:00.000Z',
  ],
  [{ mode: 'date-attribute', attribute: 'a' }, 'Christmas', undefined, undefined],
  [{ mode: 'date-attribute', attribute: 'a' }, 12, undefined, undefined],
  [{ mode: 'date-attribute', attribute: 'a' }, '2026-12-24', 'Nowhere/Land', '2026-12-24T00:00:00.000Z'],
  [
    { mode: 'local-time', time: '12:00', timeZone: 'Europe/Berlin' },
    undefined,
    undefined,
    '2026-11-21T11:00:00.000Z',
  ],
])('%j with %j in %s ends at %s', (delay, value, zone, expected) => {
  expect(endOf(delay, value, zone)).toBe(expected)
})

const delay = (given: object) => delaySchema.parse(given)
const ends = (given: object, now: string, contact: { timeZone?: string; value?: unknown } = {}) =>
  iso(delayEndsAt(delay(given), at(now), contact))

test('a wait until a time of day is over where the contact lives, with fallbacks', () => {
  const until = { mode: 'until', at: '2026-12-24T18:00:00' }
  const now = '2026-11-21T00:00:00Z'
  expect(ends(until, now, { timeZone: 'Asia/Kolkata' })).toBe('2026-12-24T12:30:00.000Z')
  const zoned = { ...until, timeZone: 'America/New_York' }
  expect(ends(zoned, now, { timeZone: 'Nowhere/Such' })).toBe('2026-12-24T23:00:00.000Z')
  expect(ends(until, now)).toBe('2026-12-24T18:00:00.000Z')
  expect(ends({ mode: 'until', at: '2026-12-24T18:00:00+01:00' }, now, { timeZone: 'Asia/Kolkata' })).toBe(
    '2026-12-24T17:00:00.000Z',
  )
})

test('days before a date are those of the calendar, also over a change of clocks', () => {
  const before = { mode: 'date-attribute', attribute: 'x', direction: 'before', time: '09:00' }
  const offset = { amount: 3, unit: 'days' }
  const berlin = { timeZone: 'Europe/Berlin', value: '2026-03-30' }
  // 09:00 is 08:00 in UTC until 29 March 2026, and 07:00 after it.
  expect(ends({ ...before, offset }, '2026-03-01T00:00:00Z', berlin)).toBe('2026-03-27T08:00:00.000Z')
  const hours = { amount: 72, unit: 'hours' }
  expect(ends({ ...before, offset: hours }, '2026-03-01T00:00:00Z', berlin)).toBe('2026-03-27T07:00:00.000Z')
  const after = { ...before, direction: 'after', offset: { amount: 1, unit: 'weeks' } }
  expect(ends(after, '2026-03-01T00:00:00Z', { ...berlin, value: '2026-10-20' })).toBe(
    '2026-10-27T08:00:00.000Z',
  )
})

test('an instant is the day that it is where the contact lives', () => {
  const at9 = { mode: 'date-attribute', attribute: 'x', time: '09:00' }
  const contact = { timeZone: 'Asia/Kolkata', value: '2026-12-01T20:00:00Z' }
  expect(ends(at9, '2026-11-21T00:00:00Z', contact)).toBe('2026-12-02T03:30:00.000Z')
})

test.each([
  ['this year', '1990-12-24', '2026-11-21T00:00:00Z', '2026-12-24T09:00:00.000Z'],
  ['next year', '1990-11-20', '2026-11-21T00:00:00Z', '2027-11-20T09:00:00.000Z'],
  ['today, later', '1990-11-21', '2026-11-21T08:59:00Z', '2026-11-21T09:00:00.000Z'],
  ['today, gone by', '1990-11-21', '2026-11-21T09:00:00Z', '2027-11-21T09:00:00.000Z'],
  ['a leap day', '1992-02-29', '2026-11-21T00:00:00Z', '2027-02-28T09:00:00.000Z'],
  ['a leap day in a leap year', '1992-02-29', '2027-11-21T00:00:00Z', '2028-02-29T09:00:00.000Z'],
])('a birthday comes again: %s', (_what, value, now, expected) => {
  expect(ends({ mode: 'date-attribute', attribute: 'x', time: '09:00', yearly: true }, now, { value })).toBe(
    expected,
  )
})

test('a week before a birthday in the first days of a year is in the year before', () => {
  const delayed = { mode: 'date-attribute', attribute: 'x', direction: 'before', yearly: true }
  const week = { offset: { amount: 1, unit: 'weeks' } }
  expect(ends({ ...delayed, ...week }, '2026-11-21T00:00:00Z', { value: '1990-01-03' })).toBe(
    '2026-12-27T00:00:00.000Z',
  )
})

test('what is no date and what is no zone is refused', () => {
  expect(
    ends({ mode: 'date-attribute', attribute: 'x' }, '2026-11-21T00:00:00Z', { value: 'soon' }),
  ).toBeUndefined()
  expect(delaySchema.safeParse({ mode: 'local-time', time: '09:00', timeZone: 'Mars/Base' }).success).toBe(
    false,
  )
})

test('a yearly date lies ahead, at its time of day, whatever the zone and the season', () => {
  const zones = fc.constantFrom(
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kolkata',
    'Pacific/Auckland',
    'UTC',
  )
  const days = fc.date({
    min: new Date('1950-01-01T00:00:00Z'),
    max: new Date('2030-12-31T00:00:00Z'),
    noInvalidDate: true,
  })
  const now = fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2032-01-01T00:00:00Z') })
  fc.assert(
    fc.property(zones, days, now, (timeZone, day, nowMs) => {
      const value = day.toISOString().slice(0, 10)
      const yearly = delay({ mode: 'date-attribute', attribute: 'x', time: '09:00', yearly: true })
      const endsAt = delayEndsAt(yearly, nowMs, { timeZone, value }) ?? 0
      expect(endsAt).toBeGreaterThan(nowMs)
      expect(endsAt - nowMs).toBeLessThan(368 * 86_400_000)
      expect(localClock(endsAt, timeZone).time).toBe('09:00')
    }),
  )
})
