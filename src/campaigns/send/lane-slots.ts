import type { BulkSlots, SendRate } from '../../inbox/send-rate.ts'

/** Slots that were not used in time are gone: else a lane that waited would send them all at once. */
const keptMs = 250
/** The run's own speed is kept in steps of this. */
const stepMs = 50

export type LaneSlots = ReturnType<typeof createLaneSlots>

/** When the messages of a lane may leave: slots of the number's rate, and no more of them than the run's own speed allows. */
export function createLaneSlots(rate: SendRate, numberId: string) {
  let slots: number[] = []
  let nextMs = 0
  let numberStepMs = 0
  return {
    /** Up to as many as wanted; none with the time to wait. */
    async take(wanted: number, messagesPerSecond: number | null): Promise<BulkSlots> {
      const nowMs = Date.now()
      const freeMs = Math.max(nextMs, nowMs - keptMs)
      const allowed =
        messagesPerSecond === null
          ? wanted
          : Math.ceil(((nowMs + stepMs - freeMs) * messagesPerSecond) / 1_000)
      if (allowed < 1) return { slots: [], againMs: freeMs - nowMs - stepMs + 1, stepMs: numberStepMs }
      slots = slots.filter((atMs) => atMs > nowMs - keptMs)
      const missing = Math.min(wanted, allowed) - slots.length
      if (missing > 0) {
        const more = await rate.reserveInBulk(numberId, missing)
        numberStepMs = more.stepMs
        if (more.slots.length === 0 && slots.length === 0) return more
        slots.push(...more.slots)
      }
      const taken = slots.slice(0, Math.min(wanted, allowed))
      if (messagesPerSecond === null) return { slots: taken, againMs: 0, stepMs: numberStepMs }
      const paced = taken.map((atMs, at) => Math.max(atMs, freeMs + (at * 1_000) / messagesPerSecond))
      return { slots: paced, againMs: 0, stepMs: numberStepMs }
    },
    /** So many of those taken were used; the rest is there for the next. */
    use(count: number, messagesPerSecond: number | null): void {
      slots = slots.slice(count)
      if (messagesPerSecond !== null)
        nextMs = Math.max(nextMs, Date.now() - keptMs) + (count * 1_000) / messagesPerSecond
    },
  }
}
