import { nextAttemptDelayMs } from '../../src/model/webhook.ts'

const hour = 3_600_000

test('what fails is tried again as Svix does, and given up after the eighth attempt', () => {
  const delays = [1, 2, 3, 4, 5, 6, 7, 8].map((attempts) => nextAttemptDelayMs(attempts, 0))
  expect(delays).toEqual([5_000, 300_000, 1_800_000, 2 * hour, 5 * hour, 10 * hour, 10 * hour, undefined])
})

test('some come a little later than others, and none before the endpoint wants it', () => {
  expect(nextAttemptDelayMs(1, 1)).toBe(5_500)
  expect(nextAttemptDelayMs(1, 0.5, 60_000)).toBe(60_000)
  expect(nextAttemptDelayMs(3, 0, 60_000)).toBe(1_800_000)
  expect(nextAttemptDelayMs(1, 0, 1_000 * hour)).toBe(24 * hour)
  expect(nextAttemptDelayMs(8, 0, 60_000)).toBeUndefined()
})
