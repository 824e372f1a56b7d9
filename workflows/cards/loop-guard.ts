import type { JourneyState } from './journey-state.ts'

/** More entries of one card mean that nobody and nothing is waited for: a loop that spins, or two bots that talk. */
const maximumEntries = 100
/** Of all cards: a loop of many. */
const maximumSteps = 3_000
const windowMs = 3_600_000

/** Counts entries within about an hour: a loop that waits for a day may go on for years. */
export function countEntry({ pace }: JourneyState, cardId: string, nowMs: number): void {
  if (!pace) return
  if (nowMs - pace.sinceMs >= windowMs) Object.assign(pace, { sinceMs: nowMs, steps: 0, entries: {} })
  pace.steps += 1
  pace.entries[cardId] = (pace.entries[cardId] ?? 0) + 1
}

/** Why a card is not to be run once more; undefined where it may. */
export function whySpinning({ pace, visits }: JourneyState, cardId: string): string | undefined {
  // Runs from before the pace (November 2026) end within a year; their histories hold this rule.
  if (!pace)
    return (visits[cardId] ?? 0) > maximumEntries ? `entered more than ${maximumEntries} times` : undefined
  if ((pace.entries[cardId] ?? 0) > maximumEntries)
    return `entered more than ${maximumEntries} times within an hour`
  return pace.steps > maximumSteps
    ? `the run entered more than ${maximumSteps} cards within an hour`
    : undefined
}

/** Who resolves a run has looked at it: it may go on for as long again. */
export function forgetEntries({ pace }: JourneyState): void {
  if (pace) Object.assign(pace, { steps: 0, entries: {} })
}
