import { ApplicationFailure, setHandler } from '@temporalio/workflow'
import type { MigrateOrder } from './cards/journey-state.ts'
import { migrate, type JourneyInput } from './contract.ts'
import type { JourneyHolds } from './journey-holds.ts'

/** Takes orders to move to another version; they are followed at the next boundary. What cannot work is refused. */
export function acceptMigrations(input: JourneyInput, holds: JourneyHolds): void {
  setHandler(
    migrate,
    (order) => {
      holds.order(order)
      return { cardId: input.state.cursor }
    },
    {
      validator: (order) => {
        const problem = problemOf(input, order)
        if (problem === undefined) return
        throw ApplicationFailure.create({ message: problem, type: 'unprocessable', nonRetryable: true })
      },
    },
  )
}

function problemOf({ state, version }: JourneyInput, order: MigrateOrder): string | undefined {
  if (state.cursor === null) return 'the run has ended'
  if (version?.id === order.version.id && order.card === undefined)
    return 'the run is of that version already'
  const target = order.card === undefined ? state.cursor : order.card
  return target === null || order.definition.cards[target]
    ? undefined
    : `version ${order.version.number} has no card "${target}"`
}
