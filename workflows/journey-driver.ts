import { allHandlersFinished, condition, continueAsNew, uuid4, workflowInfo } from '@temporalio/workflow'
import { act } from './act.ts'
import { cardFailureOf } from './card-failure-of.ts'
import type { JourneyDriver, JourneyState } from './cards/run-journey.ts'
import type { JourneyInput } from './contract.ts'
import { openMailbox } from './journey-mailbox.ts'
import { deliver } from './journey-send.ts'
import type { JourneyStanding } from './journey-standing.ts'
import { createWaits } from './journey-waits.ts'
import { awaitResolution, refuseResolutions } from './resolution.ts'

/** Beyond this many events a run begins anew at the next card, with its state. */
const maximumHistoryEvents = 4_000

/** The effects of a journey by Temporal: timers, signals and local activities. */
export function createJourneyDriver(
  input: JourneyInput,
  standing: JourneyStanding,
  isPaused: () => boolean,
): JourneyDriver {
  const { run, definition } = input
  const { workspaceId, runId, contactId, conversationId } = run
  const { workflowId } = workflowInfo()
  const mailbox = openMailbox(input.seenEventIds)
  refuseResolutions()
  return {
    contactId,
    now: () => Date.now(),
    newId: () => uuid4(),
    record: (fact) => standing.record(fact),
    ...createWaits(run, workflowId, mailbox, standing),
    loadContact: () => cardFailureOf(act.loadContact({ workspaceId, contactId })),
    deliver: (request) => cardFailureOf(deliver(input, workflowId, mailbox, standing, request)),
    setAttributes: (attributes, causeId) =>
      cardFailureOf(
        act.setAttributes({ workspaceId, contactId, attributes, runId, causeId, atMs: Date.now() }),
      ),

    async endConversation({ close, label }, causeId) {
      const outcome = label ?? 'closed by a journey'
      if (close) await act.closeChat({ workspaceId, conversationId, contactId, outcome, causeId })
    },

    async boundary(state) {
      if (isPaused()) await stayPaused(standing, isPaused)
      const { historyLength, continueAsNewSuggested } = workflowInfo()
      if (historyLength < maximumHistoryEvents && !continueAsNewSuggested) return
      await beginAnew({ ...input, state, seenEventIds: mailbox.seenEventIds(), paused: isPaused() }, standing)
    },

    async park(problem) {
      standing.show('stuck', `stuck with ${problem.code}: ${problem.reason}`)
      standing.index('stuck', problem.code)
      await standing.flush('stuck', problem)
      const resolution = await awaitResolution(definition, problem)
      standing.show('running', `resolved: ${resolution.action}`)
      standing.index('running')
      return resolution
    },
  }
}

async function stayPaused(standing: JourneyStanding, isPaused: () => boolean): Promise<void> {
  standing.show('paused', 'paused by hand')
  standing.index('paused')
  await standing.flush('paused')
  await condition(() => !isPaused())
  standing.show('running', 'resumed')
  standing.index('running')
}

async function beginAnew(
  input: JourneyInput & { state: JourneyState },
  standing: JourneyStanding,
): Promise<void> {
  await standing.flush('running')
  await condition(allHandlersFinished)
  await continueAsNew(input)
}
