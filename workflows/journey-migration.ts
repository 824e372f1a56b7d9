import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow'
import type { MigrateOrder, Order } from './cards/journey-state.ts'
import { migrate, type JourneyInput, type MigrationAnswer } from './contract.ts'
import type { JourneyHolds } from './journey-holds.ts'

type Outcome = MigrationAnswer['outcome']

/** Orders to move to another version: taken by an update, followed at a boundary. */
export interface JourneyMigrations {
  /** The next order, as it is to be followed where the run stands now; one that leaves the run alone is passed over. */
  takeOrder(): Order | undefined
  /** The order that it took waits for the next boundary: an answer that came before it counts. */
  putBack(): undefined
  /** An order has been followed: whoever gave it is told. */
  settle(order: { action: string; migration?: string | undefined }): void
  /** This execution comes to no boundary any more: whoever waits for an answer gets this one. */
  close(outcome: 'later' | 'ended'): void
}

/**
 * What cannot work is refused before it enters the history. The answer comes when the order was followed; a run that
 * stands at a hold follows it afterwards, which may be long. Of several that wait the newest migration's counts.
 */
export function acceptMigrations(input: JourneyInput, holds: JourneyHolds): JourneyMigrations {
  const answers = new Map<string, Outcome>()
  let taken: Order | undefined
  let closed: 'later' | 'ended' | undefined
  const settle = (migration: string | undefined, outcome: Outcome) => {
    if (migration !== undefined) answers.set(migration, outcome)
  }
  setHandler(
    migrate,
    async (given) => {
      const cardId = input.state.cursor
      const { migration } = given
      if (given.revokes !== undefined && holds.revoke(given.revokes)) return { outcome: 'revoked', cardId }
      if (!takeIn(holds, given, settle)) return { outcome: 'superseded', cardId }
      if (migration === undefined) return { outcome: 'later', cardId }
      await condition(() => answers.has(migration) || closed !== undefined || holds.isStanding())
      return { outcome: answers.get(migration) ?? closed ?? 'later', cardId }
    },
    {
      validator: (order) => {
        const problem = closed === 'ended' ? 'the run has ended' : problemOf(input, holds, order)
        if (problem === undefined) return
        throw ApplicationFailure.create({ message: problem, type: 'unprocessable', nonRetryable: true })
      },
    },
  )
  return {
    takeOrder() {
      for (let given = holds.takeOrder(); given; given = holds.takeOrder()) {
        taken = given
        const order = given.action === 'migrate' ? decide(given, input) : given
        if (typeof order === 'object') return order
        if (given.action === 'migrate') settle(given.migration, order)
      }
      return undefined
    },
    putBack() {
      if (taken) holds.putBack(taken)
      return undefined
    },
    settle: ({ action, migration }) => settle(migration, action === 'exit' ? 'exits' : 'moved'),
    close: (outcome) => void (closed = outcome),
  }
}

/** The same order once. Older migrations' orders are forgotten. False: a newer one waits already. */
function takeIn(
  holds: JourneyHolds,
  given: MigrateOrder,
  settle: (migration: string, outcome: Outcome) => void,
): boolean {
  const { migration } = given
  const pending = migration === undefined ? [] : holds.pendingMigrations()
  if (migration !== undefined && pending.includes(migration)) return true
  if (migration !== undefined && pending.some((other) => other > migration)) return false
  for (const older of pending) {
    holds.revoke(older)
    settle(older, 'superseded')
  }
  holds.order(given)
  return true
}

/** What an order means for a run at its card. Since it was given, the run may have gone on, or gone elsewhere. */
function decide(order: MigrateOrder, { state, version }: JourneyInput): Order | 'stays' | 'superseded' {
  const { by, migration, fromVersionId, fates, definition } = order
  const { cursor } = state
  if (version?.id === order.version.id && order.card === undefined) return 'superseded'
  if (fromVersionId !== undefined && version !== undefined && version.id !== fromVersionId)
    return 'superseded'
  const fate = cursor === null ? undefined : fates?.[cursor]
  if (fate?.action === 'stay') return 'stays'
  if (fate?.action === 'exit') return { action: 'exit', reason: fate.reason, by, migration }
  if (fate) return { ...order, card: fate.card, timing: fate.timing, enteredAtMs: fate.enteredAtMs }
  const target = order.card === undefined ? cursor : order.card
  return target === null || definition.cards[target] ? order : 'stays'
}

function problemOf(input: JourneyInput, holds: JourneyHolds, order: MigrateOrder): string | undefined {
  const { state, version } = input
  const { fates, definition, fromVersionId, migration } = order
  const pending = holds.pendingMigrations()
  if (state.cursor === null) return 'the run has ended'
  if (migration !== undefined && pending.includes(migration)) return undefined
  if (order.revokes !== undefined && pending.includes(order.revokes)) return undefined
  if (version?.id === order.version.id && order.card === undefined)
    return 'the run is of that version already'
  if (fromVersionId !== undefined && version !== undefined && version.id !== fromVersionId)
    return `the run is of version ${version.number}, which the order is not for`
  const target = order.card === undefined ? state.cursor : order.card
  const targets = Object.values(fates ?? {}).flatMap((fate) => (fate.action === 'move' ? [fate.card] : []))
  const missing = [...(target === null || fates?.[target] ? [] : [target]), ...targets].find(
    (card) => !definition.cards[card],
  )
  return missing === undefined ? undefined : `version ${order.version.number} has no card "${missing}"`
}
