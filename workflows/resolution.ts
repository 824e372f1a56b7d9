import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow'
import type { JourneyDefinition } from '../src/model/journey-definition.ts'
import { cards } from './cards/index.ts'
import type { Problem, Resolution } from './cards/run-journey.ts'
import { resolve } from './contract.ts'

/** Waits until somebody says what to do; a resolution that cannot work is refused before it enters the history. */
export async function awaitResolution(definition: JourneyDefinition, problem: Problem): Promise<Resolution> {
  let resolution: Resolution | undefined
  setHandler(
    resolve,
    (given) => {
      resolution = given
      return { cardId: problem.cardId }
    },
    { validator: (given) => refuse(problemOf(definition, problem, resolution, given)) },
  )
  await condition(() => resolution !== undefined)
  return resolution as Resolution
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
