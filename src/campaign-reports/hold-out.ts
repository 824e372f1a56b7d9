import {
  compareProportions,
  confidenceOf,
  confidenceOfDifference,
  rateOf,
  type Proportion,
} from '../model/two-proportions.ts'
import type { CampaignNumbers } from './campaign-numbers.ts'

/** Those who were held out, and how much more often those who got the message did what it is for. */
export interface HoldOut {
  people: number
  converted: number
  rate: number
  from: number
  to: number
  /** The rate of those who got it, less this one. */
  lift: number | null
  liftFrom: number
  liftTo: number
  pValue: number | null
  verdict: 'too-few' | 'no-difference' | 'better' | 'worse'
}

const significance = 0.05

/** Null where nobody was held out. */
export function compareHoldOut(numbers: CampaignNumbers): HoldOut | null {
  const people = numbers.leftOut.find(({ code }) => code === 'hold_out')?.count ?? 0
  if (people === 0) return null
  const held: Proportion = { successes: Math.min(numbers.heldOutConverted, people), trials: people }
  const got: Proportion = { successes: Math.min(numbers.converted, numbers.sent), trials: numbers.sent }
  const { difference, pValue } = compareProportions(held, got)
  const { from: liftFrom, to: liftTo } = confidenceOfDifference(held, got)
  return {
    ...{ people, converted: held.successes, rate: rateOf(held), ...confidenceOf(held) },
    ...{ lift: got.trials > 0 ? difference : null, liftFrom, liftTo, pValue: pValue ?? null },
    verdict:
      pValue === undefined
        ? 'too-few'
        : pValue >= significance
          ? 'no-difference'
          : difference > 0
            ? 'better'
            : 'worse',
  }
}
