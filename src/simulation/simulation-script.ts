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
    return pending
      .filter((each): each is Due<T> => each.atMs !== undefined && wanted(each.item))
      .sort((a, b) => a.atMs - b.atMs || a.index - b.index)[0]
  }

  return {
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
