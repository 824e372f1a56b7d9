import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow'
import type { MigrateOrder, Order } from './cards/journey-state.ts'
import { migrate, type JourneyInput, type MigrationAnswer } from './contract.ts'
import type { JourneyHolds } from './journey-holds.ts'

/** Orders to move to another version: taken by an update, followed at a boundary. */
export interface JourneyMigrations {
  /** The next order, as it is to be followed where the run stands now; one that leaves the run alone is passed over. */
  takeOrder(): Order | undefined
  /** The order that it took waits for the next boundary: an answer that came before it counts. */
  putBack(): undefined
  /** An order has been followed: whoever gave it is told. */
  settle(order: { action: string; migration?: string | undefined }): void
}

/**
 * What cannot work is refused before it enters the history. The answer comes when the order was followed; a run that
 * stands at a hold follows it afterwards, which may be long.
 */
export function acceptMigrations(input: JourneyInput, holds: JourneyHolds): JourneyMigrations {
  const answers = new Map<string, MigrationAnswer['outcome']>()
  let taken: Order | undefined
  setHandler(
    migrate,
    async (given) => {
      const cardId = input.state.cursor
      if (given.revokes !== undefined && holds.revoke(given.revokes)) return { outcome: 'revoked', cardId }
      holds.order(given)
      const { migration } = given
      if (migration === undefined) return { outcome: 'later', cardId }
      await condition(() => answers.has(migration) || holds.isStanding())
      return { outcome: answers.get(migration) ?? 'later', cardId }
    },
    {
      validator: (order) => {
        const problem = problemOf(input, holds, order)
        if (problem === undefined) return
        throw ApplicationFailure.create({ message: problem, type: 'unprocessable', nonRetryable: true })
      },
    },
  )
  const settle = (migration: string | undefined, outcome: MigrationAnswer['outcome']) => {
    if (migration !== undefined) answers.set(migration, outcome)
  }
  return {
    takeOrder() {
      for (let given = holds.takeOrder(); given; given = holds.takeOrder()) {
        taken = given
        const order = given.action === 'migrate' ? decide(given, input) : given
        if (order) return order
        if (given.action === 'migrate') settle(given.migration, 'stays')
      }
      return undefined
    },
    putBack() {
      if (taken) holds.putBack(taken)
      return undefined
    },
    settle: ({ action, migration }) => settle(migration, action === 'exit' ? 'exits' : 'moved'),
  }
}

/** What an order means for a run at its card. Since it was given, the run may have gone on, or gone elsewhere. */
function decide(order: MigrateOrder, { state, version }: JourneyInput): Order | undefined {
  const { by, migration, fromVersionId, fates, definition } = order
  const { cursor } = state
  if (version?.id === order.version.id && order.card === undefined) return undefined
  if (fromVersionId !== undefined && version !== undefined && version.id !== fromVersionId) return undefined
  const fate = cursor === null ? undefined : fates?.[cursor]
  if (fate?.action === 'stay') return undefined
  if (fate?.action === 'exit') return { action: 'exit', reason: fate.reason, by, migration }
  if (fate) return { ...order, card: fate.card, timing: fate.timing, enteredAtMs: fate.enteredAtMs }
  const target = order.card === undefined ? cursor : order.card
  return target === null || definition.cards[target] ? order : undefined
}

function problemOf(input: JourneyInput, holds: JourneyHolds, order: MigrateOrder): string | undefined {
  const { state, version } = input
  const { fates, definition, fromVersionId } = order
  if (state.cursor === null) return 'the run has ended'
  if (holds.hasOrder(order.migration)) return 'the run has this order already'
  if (order.revokes !== undefined && holds.hasOrder(order.revokes)) return undefined
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
