import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow'
import type { JourneyDefinition } from '../src/model/journey-definition.ts'
import { durationMs } from '../src/model/schedule.ts'
import { cards } from './cards/index.ts'
import type { JourneyState, Order, Problem, Resolution } from './cards/journey-state.ts'
import { resolve } from './contract.ts'
import type { JourneyMigrations } from './journey-migration.ts'

/** What nobody resolves and time cannot mend is left to people after this many tries. */
const maximumTries = 10

/**
 * Waits until somebody says what to do, or until the journey's own rule does; a resolution that cannot work is refused
 * before it enters the history. Orders that come to a stuck run resolve it too.
 */
export async function awaitResolution(
  definition: JourneyDefinition,
  problem: Problem,
  state: JourneyState,
  { takeOrder }: Pick<JourneyMigrations, 'takeOrder'>,
): Promise<Resolution> {
  let resolution: Resolution | undefined
  setHandler(
    resolve,
    (given) => {
      resolution = given
      return { cardId: problem.cardId }
    },
    { validator: (given) => refuse(problemOf(definition, problem, resolution, given)) },
  )
  const isResolved = () => (resolution ??= toResolution(takeOrder())) !== undefined
  const rule = definition.whenStuck
  const tries = state.within?.tries ?? 0
  if (!rule || tries >= maximumTries) await condition(isResolved)
  else if (!(await condition(isResolved, durationMs(rule.after)))) resolution = byRule(rule.action, state)
  // One that came while the run was stuck is done with; the next is for the next time.
  refuseResolutions()
  return resolution as Resolution
}

function byRule(action: 'retry' | 'skip' | 'exit', { within }: JourneyState): Resolution {
  if (within) within.tries = (within.tries ?? 0) + 1
  return action === 'exit' ? { action, reason: 'nobody resolved it in time' } : { action }
}

function toResolution(order: Order | undefined): Resolution | undefined {
  switch (order?.action) {
    case 'migrate':
      return { ...order, action: 'use-version' }
    case 'repeat':
      return { action: 'retry' }
    default:
      return order
  }
}

/** Before a run is ever stuck: without a handler Temporal would keep the update waiting. */
export function refuseResolutions(): void {
  setHandler(resolve, (_given) => ({ cardId: '' }), { validator: (_given) => refuse('the run is not stuck') })
}

function problemOf(
  definition: JourneyDefinition,
  problem: Problem,
  already: Resolution | undefined,
  given: Resolution,
): string | undefined {
  if (already) return 'the run is not stuck'
  if (given.action === 'goto' && !definition.cards[given.card]) return `there is no card "${given.card}"`
  if (given.action === 'use-version') {
    const target = given.card === undefined ? problem.cardId : given.card
    if (target !== null && !given.definition.cards[target])
      return `version ${given.version.number} has no card "${target}"`
  }
  if (given.action !== 'skip' || given.outlet === undefined) return undefined
  const node = definition.cards[problem.cardId]
  const outlets = node ? (cards[node.type]?.outlets(node.settings) ?? []) : []
  return outlets.some(({ id }) => id === given.outlet)
    ? undefined
    : `card ${problem.cardId} has no outlet "${given.outlet}"`
}

function refuse(reason: string | undefined): void {
  if (reason !== undefined)
    throw ApplicationFailure.create({ message: reason, type: 'unprocessable', nonRetryable: true })
}
