import { GraphError } from './graph-errors.ts'
import type { SettingsHolder } from './settings.ts'

const PAIR_INTERVAL_MS = 6_000
const PAIR_BURST = 45
/** Above this many pairs, those whose debt is paid are forgotten: they are as good as new. */
const PAIRS_KEPT = 50_000

export type Rates = ReturnType<typeof createRates>

/**
 * Meta's two throttles. A number has a bucket of one second's messages, refilled evenly, which inbound
 * messages drain too. A pair earns one message per 6 s and may borrow 45 from its future.
 */
export function createRates({ settings, now }: { settings: SettingsHolder; now: () => number }) {
  const buckets = new Map<string, { tokens: number; atMs: number }>()
  const paidUntilMs = new Map<string, number>()

  function refill(phoneNumberId: string, perSecond: number) {
    const nowMs = now()
    const bucket = buckets.get(phoneNumberId) ?? { tokens: perSecond, atMs: nowMs }
    bucket.tokens = Math.min(perSecond, bucket.tokens + ((nowMs - bucket.atMs) * perSecond) / 1000)
    bucket.atMs = nowMs
    buckets.set(phoneNumberId, bucket)
    return bucket
  }

  function forgetPaid(nowMs: number) {
    for (const [pair, untilMs] of paidUntilMs) if (untilMs <= nowMs) paidUntilMs.delete(pair)
  }

  return {
    /** Takes one outbound message's share or throws 130429 or 131056; a refused message costs nothing. */
    take(phoneNumberId: string, recipient: string) {
      const { messagesPerSecond, pairLimit } = settings.current
      const bucket = messagesPerSecond === null ? null : refill(phoneNumberId, messagesPerSecond)
      if (bucket && bucket.tokens < 1) {
        throw new GraphError(130429, 'Cloud API message throughput has been reached.')
      }
      if (pairLimit) takePair(`${phoneNumberId} ${recipient}`)
      if (bucket) bucket.tokens -= 1
    },
    /** An inbound message is never refused; it can leave the bucket a second in debt. */
    countInbound(phoneNumberId: string) {
      const perSecond = settings.current.messagesPerSecond
      if (perSecond === null) return
      const bucket = refill(phoneNumberId, perSecond)
      bucket.tokens = Math.max(-perSecond, bucket.tokens - 1)
    },
  }

  function takePair(pair: string) {
    const nowMs = now()
    const nextMs = Math.max(paidUntilMs.get(pair) ?? 0, nowMs) + PAIR_INTERVAL_MS
    if (nextMs - nowMs > PAIR_BURST * PAIR_INTERVAL_MS) {
      throw new GraphError(
        131056,
        'Too many messages sent from the sender phone number to the same recipient phone number in a short period of time.',
      )
    }
    if (paidUntilMs.size >= PAIRS_KEPT) forgetPaid(nowMs)
    paidUntilMs.set(pair, nextMs)
  }
}
