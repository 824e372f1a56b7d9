/**
 * What each error code of the Cloud API means for the sender.
 * Source: Meta's error code list, grouped as in david-lev/pywa `errors.py`; waits from Meta's rate-limit pages.
 */
export type SendVerdict =
  /** Not accepted for sure, and the number as a whole must slow down. */
  | { action: 'retry-number'; delayMs: number }
  /** Not accepted for sure, and only this pair of business and customer must wait, 4^attempt seconds. */
  | { action: 'retry-pair' }
  /** Not accepted for sure; the platform is busy or in maintenance. */
  | { action: 'retry-later'; delayMs: number }
  /** Nobody can say whether it was accepted. */
  | { action: 'ambiguous' }
  /** No use trying again with this recipient or payload. */
  | { action: 'fail'; reason: SendFailure }

export type SendFailure =
  | 'recipient'
  | 'opted-out'
  | 'window-closed'
  | 'marketing-cap'
  | 'experiment'
  | 'payload'
  | 'number'

const retryNumber = { action: 'retry-number', delayMs: 1_000 } as const
const retrySoon = { action: 'retry-later', delayMs: 5_000 } as const
const retryMinute = { action: 'retry-later', delayMs: 60_000 } as const
const fail = (reason: SendFailure): SendVerdict => ({ action: 'fail', reason })

const byCode: Record<number, SendVerdict> = {
  4: retryNumber,
  80007: retryNumber,
  130429: retryNumber,
  131056: { action: 'retry-pair' },
  131016: retrySoon,
  133016: retryMinute,
  131057: retryMinute,
  131052: retrySoon,
  1: { action: 'ambiguous' },
  2: { action: 'ambiguous' },
  131000: { action: 'ambiguous' },
  131026: fail('recipient'),
  131021: fail('recipient'),
  131030: fail('recipient'),
  130497: fail('recipient'),
  131062: fail('recipient'),
  137000: fail('recipient'),
  131050: fail('opted-out'),
  131047: fail('window-closed'),
  131049: fail('marketing-cap'),
  130472: fail('experiment'),
  ...Object.fromEntries(
    [131008, 131009, 131051, 131053, 132000, 132001, 132005, 132007, 132008, 132012, 132068, 132069, 100].map(
      (code) => [code, fail('payload')],
    ),
  ),
  ...Object.fromEntries(
    [0, 3, 10, 190, 368, 131031, 131037, 131042, 131044, 131045, 131048, 131063, 131064, 132015, 132016].map(
      (code) => [code, fail('number')],
    ),
  ),
}

/** The verdict on an answer of the Cloud API: by code first, then by HTTP status. */
export function judgeSendError(httpStatus: number, code: number | undefined): SendVerdict {
  const known = code === undefined ? undefined : byCode[code]
  if (known) return known
  if (code !== undefined && code >= 200 && code <= 299) return fail('number')
  if (httpStatus === 429) return retryNumber
  return httpStatus >= 500 ? { action: 'ambiguous' } : fail('payload')
}

/** Wait before the next attempt on a pair: 4^attempt seconds, as Meta asks, at most an hour. */
export function pairRetryDelayMs(attempt: number): number {
  return Math.min(1_000 * 4 ** Math.max(0, attempt - 1), 3_600_000)
}
