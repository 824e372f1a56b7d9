import fc from 'fast-check'
import {
  addBusinessMs,
  businessHoursSchema,
  businessMsBetween,
  isOpen,
  nextOpening,
  type BusinessHours,
} from '../../src/model/business-hours.ts'
import { localClock, weekdays } from '../../src/model/schedule.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const at = (iso: string) => Date.parse(iso)
const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString())

/** Nine to five, Monday to Friday. */
const office = (timeZone: string, holidays: string[] = []): BusinessHours =>
  businessHoursSchema.parse({
    timeZone,
    windows: weekdays.slice(0, 5).map((day) => ({ day, from: '09:00', to: '17:00' })),
    holidays: holidays.map((date) => ({ date })),
  })

test.each([
  ['inside of a day', 'UTC', [], '2026-11-20T10:00:00Z', 2, '2026-11-20T12:00:00.000Z'],
  ['before it opens', 'UTC', [], '2026-11-20T03:00:00Z', 2, '2026-11-20T11:00:00.000Z'],
  ['to the very end of a day', 'UTC', [], '2026-11-20T15:00:00Z', 2, '2026-11-20T17:00:00.000Z'],
  ['over a weekend', 'UTC', [], '2026-11-20T16:00:00Z', 2, '2026-11-23T10:00:00.000Z'],
  ['over a holiday', 'UTC', ['2026-11-23'], '2026-11-20T16:00:00Z', 2, '2026-11-24T10:00:00.000Z'],
  ['where others live', 'Asia/Kolkata', [], '2026-11-20T10:30:00Z', 2, '2026-11-23T04:30:00.000Z'],
  // Clocks in Berlin go forward in the night to Sunday 2026-03-29, and back in the one to 2026-10-25.
  [
    'over the change to summer time',
    'Europe/Berlin',
    [],
    '2026-03-27T15:00:00Z',
    2,
    '2026-03-30T08:00:00.000Z',
  ],
  [
    'over the change to winter time',
    'Europe/Berlin',
    [],
    '2026-10-23T14:00:00Z',
    2,
    '2026-10-26T09:00:00.000Z',
  ],
])('so much business time later: %s', (_name, zone, holidays, from, hours, expected) => {
  expect(iso(addBusinessMs(office(zone, holidays), at(from), hours * hourMs))).toBe(expected)
})

test('a night shift over the change of clocks is as long as it is', () => {
  const shift = businessHoursSchema.parse({
    timeZone: 'Europe/Berlin',
    windows: [
      { day: 'saturday', from: '22:00', to: '24:00' },
      { day: 'sunday', from: '00:00', to: '06:00' },
    ],
  })
  expect(businessMsBetween(shift, at('2026-03-28T12:00:00Z'), at('2026-03-29T12:00:00Z'))).toBe(7 * hourMs)
  expect(businessMsBetween(shift, at('2026-10-24T12:00:00Z'), at('2026-10-25T12:00:00Z'))).toBe(9 * hourMs)
  expect(businessMsBetween(shift, at('2026-11-21T12:00:00Z'), at('2026-11-22T12:00:00Z'))).toBe(8 * hourMs)
})

test('nobody is ever there when every day is a holiday', () => {
  const holidays = Array.from({ length: 400 }, (_each, day) =>
    new Date(at('2026-11-20T00:00:00Z') + day * 24 * hourMs).toISOString().slice(0, 10),
  )
  const never = { ...office('UTC'), holidays: holidays.map((date) => ({ date, name: '' })) }
  expect(isOpen(never, at('2026-11-20T10:00:00Z'))).toBe(false)
  expect(iso(nextOpening(never, at('2026-11-20T10:00:00Z')))).toBe('2027-12-27T09:00:00.000Z')
})

test('without hours every hour counts', () => {
  expect(addBusinessMs(null, 1_000, 5_000)).toBe(6_000)
  expect(businessMsBetween(null, 6_000, 1_000)).toBe(0)
})

test.each([
  [{ windows: [] }, 'windows'],
  [{ windows: [{ day: 'monday', from: '17:00', to: '09:00' }] }, 'windows.0.to'],
  [{ timeZone: 'Mars/Base' }, 'timeZone'],
  [{ holidays: [{ date: '2026-02-30' }] }, 'holidays.0.date'],
])('what cannot be meant is refused by its field: %j', (wrong, field) => {
  const { error } = businessHoursSchema.safeParse({ ...office('UTC'), ...wrong })
  expect(error?.issues[0]?.path.join('.')).toBe(field)
})

/** Zones whose clocks change by whole hours, and windows of whole hours: what the clock on the wall says is then the truth. */
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Pacific/Auckland',
  'America/Santiago',
]
const clock = (hour: number) => `${String(hour).padStart(2, '0')}:00`
const randomWindow = fc
  .tuple(fc.constantFrom(...weekdays), fc.nat(23), fc.integer({ min: 1, max: 24 }))
  .map(([day, a, b]) => ({ day, from: clock(Math.min(a, b - 1)), to: clock(Math.max(b, a + 1)) }))
const randomHours = fc
  .record({
    timeZone: fc.constantFrom(...zones),
    windows: fc.array(randomWindow, { minLength: 1, maxLength: 8 }),
    holidays: fc.array(
      fc.integer({ min: 0, max: 365 }).map((day) => ({
        date: new Date(at('2026-01-01T00:00:00Z') + day * 24 * hourMs).toISOString().slice(0, 10),
        name: '',
      })),
      { maxLength: 5 },
    ),
  })
  .map((hours) => businessHoursSchema.parse(hours))
/** Days around the changes of clocks, and any other. */
const randomInstant = fc.oneof(
  fc
    .constantFrom('2026-03-07', '2026-03-28', '2026-04-04', '2026-09-26', '2026-10-24', '2026-10-31')
    .chain((day) => fc.nat(3 * 24 * 60).map((minute) => at(`${day}T00:00:00Z`) + minute * minuteMs)),
  fc.nat(365 * 24 * 60).map((minute) => at('2026-01-01T00:00:00Z') + minute * minuteMs),
)

test('somebody is there when the clock on the wall says so, also on days when clocks change', () => {
  fc.assert(
    fc.property(randomHours, randomInstant, (hours, instant) => {
      const { time, weekday } = localClock(instant, hours.timeZone)
      const date = new Intl.DateTimeFormat('en-CA', { timeZone: hours.timeZone }).format(instant)
      const expected =
        !hours.holidays.some((holiday) => holiday.date === date) &&
        hours.windows.some(({ day, from, to }) => day === weekday && from <= time && time < to)
      expect(isOpen(hours, instant)).toBe(expected)
      expect(nextOpening(hours, instant) === instant).toBe(expected)
    }),
    { numRuns: 400 },
  )
})

test('as much business time lies before a deadline as was given, and it ends while somebody is there', () => {
  fc.assert(
    fc.property(randomHours, randomInstant, fc.integer({ min: 1, max: 40 * 60 }), (hours, from, minutes) => {
      const amountMs = minutes * minuteMs
      const due = addBusinessMs(hours, from, amountMs) ?? NaN
      expect(businessMsBetween(hours, from, due)).toBe(amountMs)
      expect(isOpen(hours, due - 1)).toBe(true)
      const half = Math.floor(minutes / 2) * minuteMs
      const between = addBusinessMs(hours, from, half) ?? NaN
      expect(addBusinessMs(hours, between, amountMs - half)).toBe(due)
    }),
    { numRuns: 200 },
  )
})
