import { compareProportions, confidenceOf } from '../../src/model/two-proportions.ts'
import { bucketStart, quantileMs } from '../../src/reports/spent-time.ts'

const of = (successes: number, trials: number) => ({ successes, trials })

// Computed apart from this code, in Python: the p-value is math.erfc(abs(z) / math.sqrt(2)).
test.each([
  [of(45, 100), of(60, 100), 2.12398, 0.03367],
  [of(200, 1_000), of(250, 1_000), 2.6774, 0.0074199],
  [of(30, 500), of(20, 500), -1.45095, 0.146793],
  [of(500, 10_000), of(700, 10_000), 5.95491, 2.602e-9],
  [of(50, 100), of(50, 100), 0, 1],
])('the z-test of %j against %j', (base, other, z, pValue) => {
  const result = compareProportions(base, other)
  expect(result.z).toBeCloseTo(z, 3)
  expect(Math.abs((result.pValue ?? 0) - pValue)).toBeLessThan(
    Math.max(5e-5, pValue * 1e-3) * (pValue < 1e-3 ? 0.01 : 1),
  )
})

test.each([
  [of(0, 0), of(0, 0)],
  [of(1, 3), of(3, 3)],
  [of(0, 1_000), of(1, 1_000)],
  [of(1_000, 1_000), of(1_000, 1_000)],
  [of(4, 10), of(400, 1_000)],
])('with %j against %j it says nothing', (base, other) => {
  expect(compareProportions(base, other)).toMatchObject({ z: undefined, pValue: undefined })
})

// Wilson's published bounds for 5 of 10, and others worked out apart from this code.
test.each([
  [of(5, 10), 0.23659, 0.76341],
  [of(0, 20), 0, 0.16113],
  [of(20, 20), 0.83887, 1],
  [of(90, 100), 0.82563, 0.94477],
])('the confidence of %j', (proportion, from, to) => {
  const found = confidenceOf(proportion)
  expect(found.from).toBeCloseTo(from, 4)
  expect(found.to).toBeCloseTo(to, 4)
})

test('nothing is known of what was never tried', () => {
  expect(confidenceOf(of(0, 0))).toEqual({ from: 0, to: 1 })
})

test('a median lies within a quarter of the true one', () => {
  const times = Array.from({ length: 999 }, (_, at) => 1_000 + at * 137)
  const counts = new Map<number, number>()
  for (const time of times) {
    let bucket = 0
    while (bucketStart(bucket + 1) <= time) bucket += 1
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1)
  }
  const median = times[499] ?? 0
  expect(Math.abs((quantileMs(counts, 0.5) ?? 0) - median) / median).toBeLessThan(0.05)
  expect(quantileMs(new Map(), 0.5)).toBeUndefined()
  expect(quantileMs(new Map([[0, 3]]), 0.5)).toBeLessThanOrEqual(1)
})
