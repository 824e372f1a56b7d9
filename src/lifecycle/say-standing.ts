import type { PlannedTimer, TimerKind } from '../model/chat-timers.ts'
import type { LoadedChat } from './chat-state.ts'

const words: Record<TimerKind, string> = {
  snooze: 'the snooze ends',
  'first-response': 'the first answer is due',
  resolution: 'it must be closed',
  unattended: 'it goes to somebody else unless it is answered',
  return: 'it goes back to whoever had it before unless they write',
  nudge: 'the customer is asked for a word before the 24-hour window ends',
  closure: 'it closes after silence',
  satisfaction: 'the customer is asked how it was',
}

/** How a chat stands and what it does next by the clock, for engineers in Temporal's UI. */
export function sayStanding(
  { state, holder, scheduledMs }: LoadedChat,
  timers: PlannedTimer[],
  silentAtMs: number | undefined,
): string {
  const { episode, status, waitingSinceMs, isAsked } = state
  const stands = episode ? (status === 'closed' ? 'open' : status) : 'closed'
  const standing = [
    stands,
    holder ? `with ${holder}` : 'with nobody',
    ...(isAsked ? ['a journey awaits an answer'] : []),
    ...(waitingSinceMs !== null && episode ? [`the customer waits since ${sayTime(waitingSinceMs)}`] : []),
  ].join(', ')
  const next = [
    ...timers.map(({ kind, dueMs }) => ({ dueMs, what: words[kind] })),
    ...(scheduledMs === null ? [] : [{ dueMs: scheduledMs, what: 'a scheduled message goes out' }]),
    ...(silentAtMs === undefined ? [] : [{ dueMs: silentAtMs, what: words.closure }]),
  ].sort((a, b) => a.dueMs - b.dueMs)
  const sentence = `${standing[0]?.toUpperCase()}${standing.slice(1)}.`
  const [first] = next
  return first
    ? `${sentence} Next: ${first.what}, at ${sayTime(first.dueMs)}.`
    : `${sentence} Nothing is due.`
}

/** To the minute, and the same everywhere. */
function sayTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
