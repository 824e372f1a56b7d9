/** WhatsApp lets a pair borrow 45 messages of one per 6 seconds from its future. */
export const pairIntervalMs = 6_000
const pairBurst = 45
/** What a pair may be in debt. */
export const pairDebtMs = (pairBurst - 1) * pairIntervalMs

/** How long a pair that has sent ahead so far must wait; 0 when it need not. */
export function pairDelayMs(aheadMs: number): number {
  return Math.max(0, Math.ceil(aheadMs - pairDebtMs))
}
