import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow'
import { act } from './act.ts'
import type { JourneyFact, Problem } from './cards/journey-state.ts'
import { searchAttribute, type JourneyInput, type JourneyProgress, type RunRef } from './contract.ts'

type Status = JourneyProgress['status']
export type SavedState = 'running' | 'waiting' | 'stuck' | 'paused' | 'completed' | 'exited' | 'cancelled'

/** Where a run stands, for engineers (Temporal's UI), for queries and for the database. */
export interface JourneyStanding {
  status(): Status
  details(): string
  cardId(): string | null
  record(fact: JourneyFact): void
  /** Words for Temporal's UI; cost no history. */
  show(status: Status, words: string): void
  /** Search attributes; one event, so only where a run stays for a while. */
  index(status: Status, errorCode?: string): void
  /** The trace since the last activity; it rides along with the next one. */
  takeProgress(
    state: SavedState,
    more?: { problem?: Problem; dueAtMs?: number | undefined; heldBy?: string },
  ): {
    run: RunRef
    versionId?: string
    facts: JourneyFact[]
    state: SavedState
    cardId: string | null
    error?: { code: string; reason: string }
    /** When the wait under way ends. */
    dueAtMs?: number
    /** The hold that it stands at. */
    heldBy?: string
  }
  /** What the database was told last. */
  savedState(): SavedState | undefined
  /** Saves the trace by an activity of its own, before a long wait. */
  flush(state: SavedState, more?: { problem?: Problem; heldBy?: string }): Promise<void>
}

export function openStanding(input: JourneyInput): JourneyStanding {
  const { run, state } = input
  let facts: JourneyFact[] = []
  let status: Status = 'running'
  let details = ''
  let cardId = state.cursor
  let savedState: SavedState | undefined

  const standing: JourneyStanding = {
    status: () => status,
    details: () => details,
    cardId: () => cardId,
    savedState: () => savedState,
    record(fact) {
      const { card } = fact.data
      const goesTo = fact.kind === 'card.entered' || fact.kind === 'run.ordered'
      if (goesTo && typeof card === 'string') cardId = card
      facts.push(fact)
    },
    show(next, words) {
      status = next
      details = `Card ${cardId ?? '-'}: ${words}`
      setCurrentDetails(details)
    },
    index(next, errorCode) {
      upsertSearchAttributes([
        { key: searchAttribute.state, value: next },
        { key: searchAttribute.card, value: cardId },
        { key: searchAttribute.errorCode, value: errorCode ?? null },
      ])
    },
    takeProgress(saved, { problem, dueAtMs, heldBy } = {}) {
      const taken = facts
      facts = []
      savedState = saved
      const due = dueAtMs ?? state.within?.dueAtMs
      return {
        run,
        facts: taken,
        state: saved,
        cardId,
        ...(input.version && { versionId: input.version.id }),
        ...(problem && { error: { code: problem.code, reason: problem.reason } }),
        ...(due !== undefined && saved !== 'running' && { dueAtMs: due }),
        ...(heldBy !== undefined && { heldBy }),
      }
    },
    flush: (saved, more) => act.saveProgress(standing.takeProgress(saved, more)),
  }
  return standing
}
