import { allHandlersFinished, condition, continueAsNew, uuid4, workflowInfo } from '@temporalio/workflow'
import { act } from './act.ts'
import { cardFailureOf } from './card-failure-of.ts'
import type { JourneyDefinition } from '../src/model/journey-definition.ts'
import type { JourneyDriver, JourneyState, MigrateOrder, Order, Resolution } from './cards/journey-state.ts'
import type { JourneyInput } from './contract.ts'
import type { JourneyMigrations } from './journey-migration.ts'
import type { JourneyHolds } from './journey-holds.ts'
import { openMailbox, type JourneyMailbox } from './journey-mailbox.ts'
import { deliver } from './journey-send.ts'
import type { JourneyStanding } from './journey-standing.ts'
import { createWaits } from './journey-waits.ts'
import { perform } from './perform.ts'
import { awaitResolution, refuseResolutions } from './resolution.ts'

/** Beyond this many events a run begins anew at the next card, with its state. */
const maximumHistoryEvents = 4_000

/** What tells a run to stand still or to go elsewhere, and where it says how it stands. */
interface JourneyOrders {
  standing: JourneyStanding
  holds: JourneyHolds
  migrations: JourneyMigrations
}

type Found = Awaited<ReturnType<typeof act.moveRun>>

/** The effects of a journey by Temporal: timers, signals and activities. */
export function createJourneyDriver(
  input: JourneyInput,
  { standing, holds, migrations }: JourneyOrders,
): JourneyDriver {
  const { run } = input
  const { workspaceId, conversationId } = run
  // The interpreter asks for nothing that needs a contact in a run without one.
  const contactId = run.contactId ?? ''
  const { workflowId } = workflowInfo()
  const mailbox = openMailbox(input.seenEventIds)
  refuseResolutions()
  const obey = async <T extends Order | Resolution>(order: T): Promise<T> => {
    if ('version' in order) await follow(input, { standing, holds }, order)
    migrations.settle(order)
    return order
  }
  const { leaveWait, ...waits } = createWaits(input, workflowId, { mailbox, standing, holds })
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
        const isFree = !leavesVisit(order, state) || (await leaveWait())
        return isFree || order.action !== 'migrate' ? obey(order) : migrations.putBack()
      }
      const { historyLength, continueAsNewSuggested } = workflowInfo()
      if (historyLength >= maximumHistoryEvents || continueAsNewSuggested)
        await beginAnew(input, mailbox, { standing, holds, migrations })
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

/**
 * From now on the run is one of this version. An order wakes it up where a hold would have let it sleep: what freezes it is
 * asked here, and where it would go on it stands still.
 */
async function follow(
  input: JourneyInput,
  { standing, holds }: Pick<JourneyOrders, 'standing' | 'holds'>,
  order: Omit<MigrateOrder, 'action'>,
): Promise<void> {
  const { version, definition, card, migration } = order
  const from = input.version
  const fromCard = input.state.cursor
  const keepsWaits = isSameVisit(input, order)
  input.version = version
  input.definition = definition
  const toCard = card === undefined ? fromCard : card
  const enteredAtMs = input.state.within?.enteredAtMs
  const moved = { ...standing.takeProgress('running'), versionId: version.id }
  const sinceMs = holds.asleepSinceMs()
  // Moves from before holds were asked about (November 2026) say nothing.
  const found: Found | null = await act.moveRun({
    ...{ ...moved, sinceMs, keepsWaits },
    ...(migration && from && { move: { migration, from: from.id, fromCard, toCard, enteredAtMs } }),
  })
  holds.wakeUp()
  holds.freeze(found?.frozenMs ?? 0)
  // Where it stands is told once it has got there.
  if (found?.hold) holds.add({ ...found.hold, isSaved: false })
}

/** It stays at a card that does what it did: what it awaits there, it goes on awaiting. */
function isSameVisit({ state, definition }: JourneyInput, order: Omit<MigrateOrder, 'action'>): boolean {
  const { cursor } = state
  if (cursor === null || leavesVisit({ ...order, action: 'migrate' }, state)) return false
  const settingsIn = ({ cards }: JourneyDefinition) => JSON.stringify(cards[cursor]?.settings)
  return settingsIn(definition) === settingsIn(order.definition)
}

async function beginAnew(
  input: JourneyInput,
  mailbox: JourneyMailbox,
  { standing, holds, migrations }: JourneyOrders,
): Promise<void> {
  await standing.flush('running')
  // What comes from now on is carried along, and followed afterwards.
  migrations.close('later')
  await condition(allHandlersFinished)
  await continueAsNew({ ...input, seenEventIds: mailbox.seenEventIds(), ...holds.carried() })
}
