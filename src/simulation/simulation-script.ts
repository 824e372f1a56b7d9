interface Timed {
  afterMs?: number | undefined
  atMs?: number | undefined
}
export interface Due<T> {
  item: T
  atMs: number
  index: number
}

const defaultAfterMs = 1_000

/**
 * What is going to happen in a simulation. An item `afterMs` gets its instant when somebody first waits for it, and
 * keeps it: a reply that comes too late for its question comes late, not never.
 */
export function createScript<T extends Timed>(items: T[], startAtMs: number) {
  const pending = items.map((item, index) => ({
    item,
    index,
    atMs: item.atMs === undefined ? undefined : startAtMs + item.atMs,
  }))

  /** The earliest of those that have an instant. */
  function earliest(wanted: (item: T) => boolean): Due<T> | undefined {
    let first: Due<T> | undefined
    for (const each of pending) {
      if (each.atMs === undefined || !wanted(each.item)) continue
      if (!first || each.atMs < first.atMs) first = each as Due<T>
    }
    return first
  }

  let added = items.length

  return {
    /** Something comes about that was not planned from the start. @param atMs the instant itself */
    add(item: T, atMs: number): void {
      pending.push({ item, atMs, index: added++ })
    },
    /** Whether something is still to come that was planned from the start. */
    hasPlanned: (wanted: (item: T) => boolean): boolean =>
      pending.some(({ item, index }) => index < items.length && wanted(item)),
    /** The earliest item that comes at `untilMs` or before. */
    peekFixed(untilMs: number): Due<T> | undefined {
      const first = earliest(() => true)
      return first && first.atMs <= untilMs ? first : undefined
    },
    /** What comes next for somebody who began to wait at `sinceMs`. */
    next(sinceMs: number, wanted: (item: T) => boolean): Due<T> | undefined {
      const relative = pending.find((each) => wanted(each.item))
      if (relative && relative.atMs === undefined) {
        relative.atMs = sinceMs + (relative.item.afterMs ?? defaultAfterMs)
      }
      return earliest(wanted)
    },
    take({ index }: Due<T>): void {
      pending.splice(
        pending.findIndex((each) => each.index === index),
        1,
      )
    },
  }
}
