import { allHandlersFinished, condition, continueAsNew, uuid4, workflowInfo } from '@temporalio/workflow'
import { act } from './act.ts'
import { cardFailureOf } from './card-failure-of.ts'
import type { JourneyDriver, JourneyState, MigrateOrder, Order, Resolution } from './cards/journey-state.ts'
import type { JourneyInput } from './contract.ts'
import { acceptMigrations } from './journey-migration.ts'
import type { JourneyHolds } from './journey-holds.ts'
import { openMailbox, type JourneyMailbox } from './journey-mailbox.ts'
import { deliver } from './journey-send.ts'
import type { JourneyStanding } from './journey-standing.ts'
import { createWaits } from './journey-waits.ts'
import { perform } from './perform.ts'
import { awaitResolution, refuseResolutions } from './resolution.ts'

/** Beyond this many events a run begins anew at the next card, with its state. */
const maximumHistoryEvents = 4_000

/** The effects of a journey by Temporal: timers, signals and activities. */
export function createJourneyDriver(
  input: JourneyInput,
  standing: JourneyStanding,
  holds: JourneyHolds,
): JourneyDriver {
  const { run } = input
  const { workspaceId, conversationId } = run
  // The interpreter asks for nothing that needs a contact in a run without one.
  const contactId = run.contactId ?? ''
  const { workflowId } = workflowInfo()
  const mailbox = openMailbox(input.seenEventIds)
  refuseResolutions()
  const migrations = acceptMigrations(input, holds)
  const obey = async <T extends Order | Resolution>(order: T): Promise<T> => {
    if ('version' in order) await follow(input, standing, order)
    migrations.settle(order)
    return order
  }
  const { leaveQuestion, ...waits } = createWaits(input, workflowId, { mailbox, standing, holds })
  return {
    contactId: run.contactId,
    now: () => Date.now(),
    newId: () => uuid4(),
    record: (fact) => standing.record(fact),
    ...waits,
    loadContact: () => cardFailureOf(act.loadContact({ workspaceId, contactId })),
    judge: (asked) =>
      cardFailureOf(act.judgeConditions({ workspaceId, contactId, ...asked, nowMs: Date.now() })),
    deliver: (request) => cardFailureOf(deliver(input, workflowId, { mailbox, standing, holds }, request)),
    perform: (name, call) => perform(run, name, call),

    async endConversation({ close, label: outcome = 'closed by a journey' }, causeId) {
      if (close && conversationId !== undefined)
        await act.closeChat({ workspaceId, conversationId, contactId, outcome, causeId })
    },

    async boundary(state) {
      await holds.standStill(state)
      const order = migrations.takeOrder()
      if (order) {
        const isFree = !leavesVisit(order, state) || (await leaveQuestion())
        return isFree || order.action !== 'migrate' ? obey(order) : migrations.putBack()
      }
      const { historyLength, continueAsNewSuggested } = workflowInfo()
      if (historyLength >= maximumHistoryEvents || continueAsNewSuggested)
        await beginAnew(input, standing, mailbox, holds)
      return undefined
    },

    async park(problem, state) {
      standing.show('stuck', `stuck with ${problem.code}: ${problem.reason}`)
      standing.index('stuck', problem.code)
      await standing.flush('stuck', { problem })
      const resolution = await obey(await awaitResolution(input.definition, problem, state, migrations))
      standing.show('running', `resolved: ${resolution.action}`)
      standing.index('running')
      return resolution
    },
  }
}

function leavesVisit(order: Order, { cursor }: JourneyState): boolean {
  if (order.action === 'goto') return true
  if (order.action !== 'migrate') return false
  return order.timing === 'restart' || (order.card !== undefined && order.card !== cursor)
}

/** From now on the run is one of this version. */
async function follow(
  input: JourneyInput,
  standing: JourneyStanding,
  { version, definition, card, migration }: Omit<MigrateOrder, 'action'>,
): Promise<void> {
  const from = input.version
  const fromCard = input.state.cursor
  input.version = version
  input.definition = definition
  const toCard = card === undefined ? fromCard : card
  const enteredAtMs = input.state.within?.enteredAtMs
  const moved = { ...standing.takeProgress('running'), versionId: version.id }
  await act.moveRun({
    ...moved,
    ...(migration && from && { move: { migration, from: from.id, fromCard, toCard, enteredAtMs } }),
  })
}

async function beginAnew(
  input: JourneyInput,
  standing: JourneyStanding,
  mailbox: JourneyMailbox,
  holds: JourneyHolds,
): Promise<void> {
  await standing.flush('running')
  await condition(allHandlersFinished)
  await continueAsNew({ ...input, seenEventIds: mailbox.seenEventIds(), ...holds.carried() })
}
