import { randomInt } from 'node:crypto'

/** Runs with random numbers of a seed that a failure names; give it back to see the same again. */
export async function withSeed(
  run: (random: () => number) => Promise<void>,
  seed = randomInt(2 ** 31),
): Promise<void> {
  try {
    await run(mulberry32(seed))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`with seed ${seed}: ${reason}`, { cause: error })
  }
}

/** Tommy Ettinger's mulberry32: small, and good enough to pick instants. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
