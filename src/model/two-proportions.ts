/** How often something came about, of how many tries. */
export interface Proportion {
  successes: number
  trials: number
}

export interface Comparison {
  /** How much more often than in the base, between -1 and 1. */
  difference: number
  /** Undefined while there are too few for the test to say anything. */
  z: number | undefined
  /** Two-sided: how often chance alone makes a difference as large as this. */
  pValue: number | undefined
}

/** Below so many expected successes or failures on either side the normal curve is no likeness of the real one (Cochran). */
const fewestExpected = 5

/** The two-proportion z-test with a pooled rate. With small numbers it says nothing rather than something wrong. */
export function compareProportions(base: Proportion, other: Proportion): Comparison {
  const difference = rateOf(other) - rateOf(base)
  const pooled = (base.successes + other.successes) / Math.max(1, base.trials + other.trials)
  const fewest = Math.min(base.trials, other.trials) * Math.min(pooled, 1 - pooled)
  if (fewest < fewestExpected) return { difference, z: undefined, pValue: undefined }
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / base.trials + 1 / other.trials))
  const z = difference / error
  return { difference, z, pValue: 2 * upperTail(Math.abs(z)) }
}

/** Where the true difference lies with 95 % confidence, by Newcombe's square-and-add of Wilson's bounds. */
export function confidenceOfDifference(base: Proportion, other: Proportion): { from: number; to: number } {
  const [a, b] = [rateOf(base), rateOf(other)]
  const [ofBase, ofOther] = [confidenceOf(base), confidenceOf(other)]
  return {
    from: b - a - Math.hypot(b - ofOther.from, ofBase.to - a),
    to: b - a + Math.hypot(ofOther.to - b, a - ofBase.from),
  }
}

/** Where the true rate lies with 95 % confidence, by Wilson: of use with small numbers too. */
export function confidenceOf({ successes, trials }: Proportion): { from: number; to: number } {
  if (trials === 0) return { from: 0, to: 1 }
  const z = 1.959963984540054
  const rate = successes / trials
  const scale = 1 + z ** 2 / trials
  const middle = (rate + z ** 2 / (2 * trials)) / scale
  const reach = (z / scale) * Math.sqrt((rate * (1 - rate)) / trials + z ** 2 / (4 * trials ** 2))
  // Of no successes, or nothing else, the bound is exact; rounding would move it past.
  return {
    from: successes === 0 ? 0 : middle - reach,
    to: successes === trials ? 1 : middle + reach,
  }
}

export function rateOf({ successes, trials }: Proportion): number {
  return trials === 0 ? 0 : successes / trials
}

/** P(Z > z) for z >= 0, to 7 digits of the value: a continued fraction far out (Laplace), a series near 0. */
function upperTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
  if (z < 3) {
    let term = z
    let sum = z
    for (let n = 3; n < 120; n += 2) {
      term *= (z * z) / n
      sum += term
    }
    return 0.5 - density * sum
  }
  let fraction = z
  for (let k = 60; k > 0; k--) fraction = z + k / fraction
  return density / fraction
}
