import { createHash } from 'node:crypto'
import { AppError } from '../model/errors.ts'

/**
 * Slows guessing: of passwords at most 10 tries in 15 minutes for one account from one address, 100 from one
 * address, 200 for one account. Counts stand in the process: n API processes allow n times as many, which is
 * still far from what guessing takes, and nobody can fill a table from outside.
 */
export interface LoginThrottle {
  /** Counts a try, before it is made, so that many at once gain nothing. Throws `rate_limited`. */
  attempt(account: string, address: string): void
  /** A right password gives its try back, and clears its account at its address. */
  succeed(account: string, address: string): void
}

const windowMs = 15 * 60_000
const maximumTracked = 100_000

/** Who has a password right may guess at codes of six digits: 10 tries, wherever from. */
export const codeLimits = { pair: 10, address: 100, account: 10 }
const passwordLimits = { pair: 10, address: 100, account: 200 }

export function createLoginThrottle(now: () => number = Date.now, limits = passwordLimits): LoginThrottle {
  const tries = new Map<string, { count: number; endsAtMs: number }>()
  const count = (key: string, limit: number) => {
    const known = tries.get(key)
    const entry = known && known.endsAtMs > now() ? known : { count: 0, endsAtMs: now() + windowMs }
    if (entry.count >= limit) {
      const message = 'too many tries to sign in; wait a little'
      throw new AppError('rate_limited', message, { retryAfterMs: entry.endsAtMs - now() })
    }
    entry.count += 1
    tries.delete(key)
    tries.set(key, entry)
    const oldest = tries.keys().next()
    if (tries.size > maximumTracked && !oldest.done) tries.delete(oldest.value)
  }
  return {
    attempt(account, address) {
      count(keyOf('pair', account, address), limits.pair)
      count(keyOf('address', address), limits.address)
      count(keyOf('account', account), limits.account)
    },
    succeed(account, address) {
      tries.delete(keyOf('pair', account, address))
      for (const key of [keyOf('address', address), keyOf('account', account)]) {
        const entry = tries.get(key)
        if (entry) entry.count -= 1
      }
    },
  }
}

/** Of fixed length, whatever was typed as a user name. */
function keyOf(...words: string[]): string {
  return createHash('sha256').update(words.join('\n')).digest('base64')
}
