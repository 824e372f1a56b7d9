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
