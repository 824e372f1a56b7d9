/** What the number may do. */
export interface NumberLimits {
  messagesPerSecond: number
  /** Contacts to whom a conversation may be opened in 24 hours; null is without limit. */
  messagingLimit: number | null
}

interface Peak {
  at: string
  count: number
}
export interface SendLoad {
  total: number
  /** Hours without a message are left out. */
  hours: { at: string; sends: number; opened: number }[]
  busiestHour: Peak | null
  busiestMinute: Peak | null
  messagesPerSecond: number
  /** Messages that wait for their turn at the worst moment, and for how long: the number sends one after another. */
  longestQueue: { at: string; messages: number; delaySeconds: number } | null
  messagingLimit: number | null
  /** Contacts to whom a conversation is opened within 24 hours, at most. */
  busiestDay: Peak | null
  exceedsMessagingLimit: boolean
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayHours = 24

/** Counts sends as they come, in any order. */
export function createSendLoad(limits: NumberLimits) {
  const minutes = new Map<number, number>()
  const hours = new Map<number, { sends: number; opened: number }>()
  let total = 0
  return {
    /** @param opens it begins a conversation with somebody to whom none was begun in the 24 hours before */
    add(atMs: number, opens: boolean): void {
      total += 1
      const minute = Math.floor(atMs / minuteMs)
      minutes.set(minute, (minutes.get(minute) ?? 0) + 1)
      const hour = Math.floor(atMs / hourMs)
      const known = hours.get(hour)
      if (known) {
        known.sends += 1
        if (opens) known.opened += 1
      } else hours.set(hour, { sends: 1, opened: opens ? 1 : 0 })
    },
    result(): SendLoad {
      const ordered = [...hours].toSorted(([a], [b]) => a - b)
      const busiestDay = findBusiestDay(ordered.map(([hour, { opened }]) => [hour, opened]))
      return {
        total,
        hours: ordered.map(([hour, counts]) => ({ at: iso(hour * hourMs), ...counts })),
        busiestHour: findPeak(ordered.map(([hour, { sends }]) => [hour * hourMs, sends])),
        busiestMinute: findPeak([...minutes].map(([minute, count]) => [minute * minuteMs, count])),
        messagesPerSecond: limits.messagesPerSecond,
        longestQueue: findLongestQueue(minutes, limits.messagesPerSecond),
        messagingLimit: limits.messagingLimit,
        busiestDay,
        exceedsMessagingLimit:
          limits.messagingLimit !== null && (busiestDay?.count ?? 0) > limits.messagingLimit,
      }
    },
  }
}

function findPeak(counts: [atMs: number, count: number][]): Peak | null {
  let peak: [number, number] | undefined
  for (const each of counts) {
    if (!peak || each[1] > peak[1] || (each[1] === peak[1] && each[0] < peak[0])) peak = each
  }
  return peak ? { at: iso(peak[0]), count: peak[1] } : null
}

/** The most in any 24 hours, said by the hour that ends them. */
function findBusiestDay(opened: [hour: number, count: number][]): Peak | null {
  let peak: Peak | null = null
  let sum = 0
  let first = 0
  for (const [hour, count] of opened) {
    sum += count
    for (let oldest = opened[first]; oldest && oldest[0] <= hour - dayHours; oldest = opened[++first])
      sum -= oldest[1]
    if (sum > (peak?.count ?? 0)) peak = { at: iso((hour + 1) * hourMs), count: sum }
  }
  return peak
}

/** As water in a tank: each minute brings what is planned in it and takes what the number can send. */
function findLongestQueue(minutes: Map<number, number>, messagesPerSecond: number): SendLoad['longestQueue'] {
  const perMinute = messagesPerSecond * 60
  let queue = 0
  let before: number | undefined
  let longest = { minute: 0, messages: 0 }
  for (const [minute, count] of [...minutes].toSorted(([a], [b]) => a - b)) {
    queue = Math.max(0, queue - (before === undefined ? 0 : (minute - before - 1) * perMinute))
    queue = Math.max(0, queue + count - perMinute)
    if (queue > longest.messages) longest = { minute, messages: queue }
    before = minute
  }
  if (longest.messages === 0) return null
  const delaySeconds = Math.ceil(longest.messages / messagesPerSecond)
  return { at: iso(longest.minute * minuteMs), messages: longest.messages, delaySeconds }
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString()
}
