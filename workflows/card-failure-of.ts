import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow'
import { CardFailure } from './cards/card.ts'

/** A refusal of an activity is the card's failure: it takes an outlet or parks, it never ends the run. */
export async function cardFailureOf<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    // A local activity's refusal comes as it is, another's inside of an ActivityFailure.
    const cause = error instanceof ActivityFailure ? error.cause : error
    if (cause instanceof ApplicationFailure && cause.nonRetryable) {
      throw new CardFailure(cause.type ?? 'internal', cause.message)
    }
    throw error
  }
}
