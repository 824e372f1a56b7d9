import { judgeSendError, pairRetryDelayMs } from '../../src/model/send-policy.ts'

test.each<[number, number | undefined, object]>([
  [429, 130429, { action: 'retry-number' }],
  [400, 80007, { action: 'retry-number' }],
  [429, undefined, { action: 'retry-number' }],
  [400, 131056, { action: 'retry-pair' }],
  [500, 131016, { action: 'retry-later' }],
  [400, 131057, { action: 'retry-later', delayMs: 60_000 }],
  [500, 131000, { action: 'ambiguous' }],
  [500, undefined, { action: 'ambiguous' }],
  [503, 999_999, { action: 'ambiguous' }],
  [400, 131026, { action: 'fail', reason: 'recipient' }],
  [400, 131050, { action: 'fail', reason: 'opted-out' }],
  [400, 131047, { action: 'fail', reason: 'window-closed' }],
  [400, 131049, { action: 'fail', reason: 'marketing-cap' }],
  [400, 130472, { action: 'fail', reason: 'experiment' }],
  [400, 132000, { action: 'fail', reason: 'payload' }],
  [401, 190, { action: 'fail', reason: 'number' }],
  [403, 230, { action: 'fail', reason: 'number' }],
  [400, 132015, { action: 'fail', reason: 'number' }],
  [400, 999_999, { action: 'fail', reason: 'payload' }],
])('HTTP %s with code %s', (httpStatus, code, verdict) => {
  expect(judgeSendError(httpStatus, code)).toMatchObject(verdict)
})

test('a pair waits 4^n seconds, an hour at most', () => {
  expect([1, 2, 3, 4].map(pairRetryDelayMs)).toEqual([1_000, 4_000, 16_000, 64_000])
  expect(pairRetryDelayMs(50)).toBe(3_600_000)
})
