/**
 * Chance that can be looked up again: the same seed, contact and question always give the same number, whatever was drawn
 * before. So one contact's way is recomputed without the others, and a contact behaves alike in two versions of a journey.
 */
export interface Draws {
  /** In [0, 1). @param key what is being decided, e.g. `reply ask:1:0` */
  draw(key: string): number
}

export function createDraws(seed: number, contact: number): Draws {
  const start = mix((seed >>> 0) ^ mix((contact + 0x9e3779b9) >>> 0))
  return { draw: (key) => mix(hashText(key, start)) / 2 ** 32 }
}

/** FNV-1a, from a start of its own for each contact. */
function hashText(text: string, start: number): number {
  let hash = start ^ 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash
}

/** The finalizer of MurmurHash3: every bit of the result depends on every bit of the input. */
function mix(given: number): number {
  let hash = given
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** The item that a number in [0, 1) falls on when each takes its share; undefined beyond the shares' sum. */
export function pickByShare<T>(
  items: readonly T[],
  shareOf: (item: T) => number,
  drawn: number,
): T | undefined {
  let rest = drawn
  for (const item of items) {
    rest -= shareOf(item)
    if (rest < 0) return item
  }
  return undefined
}

/** The same with weights of any sum; undefined only when all are zero. */
export function pickByWeight<T>(
  items: readonly T[],
  weightOf: (item: T) => number,
  drawn: number,
): T | undefined {
  const total = items.reduce((sum, item) => sum + weightOf(item), 0)
  return total > 0
    ? (pickByShare(items, weightOf, drawn * total) ?? items.findLast((item) => weightOf(item) > 0))
    : undefined
}
