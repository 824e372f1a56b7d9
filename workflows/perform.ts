import { ActivityFailure, ApplicationFailure, proxyActivities } from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import { act } from './act.ts'
import { cardFailureOf } from './card-failure-of.ts'
import { CardFailure } from './cards/card.ts'
import { slowEffects, type EffectCall, type EffectName, type Performed } from './cards/effects.ts'
import type { RunRef } from './contract.ts'

/** For what calls other systems: retried by the server, for minutes, and then the card's failure. */
const slowly = proxyActivities<Activities>({
  startToCloseTimeout: '2 minutes',
  retry: { initialInterval: '1s', backoffCoefficient: 3, maximumInterval: '1 minute', maximumAttempts: 5 },
})

/** The activity of an effect has the effect's name. */
export async function perform<K extends EffectName>(
  run: RunRef,
  name: K,
  call: EffectCall<K>,
): Promise<Performed<K>> {
  const order = { run, ...call }
  type Perform = (input: typeof order) => Promise<Performed<K> | undefined>
  if (slowEffects.has(name)) {
    const performed = await endsInTime((slowly[name] as Perform)(order))
    return performed ?? { output: null }
  }
  // What was recorded before effects gave anything back gave nothing back.
  return (await cardFailureOf((act[name] as Perform)(order))) ?? { output: null }
}

/** Tried often enough: what the last attempt said is why the card fails. */
async function endsInTime<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error
    const { cause } = error
    if (cause instanceof ApplicationFailure) throw new CardFailure(cause.type ?? 'internal', cause.message)
    if (cause?.name === 'TimeoutFailure') throw new CardFailure('timeout', 'it took too long')
    throw error
  }
}
