/** Below this many drained items the array is left as it is: cutting it each time would be quadratic. */
const CUT_ABOVE = 10_000

/** Calls `onDue` for each item when its time comes. One timer, since items come nearly in order of time. */
export function createDelayQueue<Item extends { dueMs: number }>(onDue: (item: Item) => void) {
  const items: Item[] = []
  let head = 0
  let timer: NodeJS.Timeout | undefined

  function drain() {
    timer = undefined
    const nowMs = Date.now()
    for (let next = items[head]; next && next.dueMs <= nowMs; next = items[head]) {
      head += 1
      onDue(next)
    }
    if (head > CUT_ABOVE || head === items.length) {
      items.splice(0, head)
      head = 0
    }
    arm()
  }

  function arm() {
    const next = items[head]
    if (next && !timer) timer = setTimeout(drain, Math.max(0, next.dueMs - Date.now()))
  }

  return {
    add(item: Item) {
      items.push(item)
      arm()
    },
    stop: () => clearTimeout(timer),
  }
}
