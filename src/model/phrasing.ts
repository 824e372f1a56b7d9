export type PhrasingMode = 'random' | 'round-robin'

/**
 * Whose turn it is, never the last one's again. It depends on nothing but what it is given, so that a second try of the same
 * choice gives the same.
 * @param last the index that came last, or undefined the first time.
 * @param draw in [0, 1), for `random`.
 */
export function choosePhrasing(
  count: number,
  { mode, last, draw }: { mode: PhrasingMode; last: number | undefined; draw: number },
): number {
  if (count < 2) return 0
  // A version that has fewer phrasings may have lost the one that came last.
  if (last === undefined || last >= count) return mode === 'random' ? Math.floor(draw * count) : 0
  if (mode === 'round-robin') return (last + 1) % count
  const other = Math.floor(draw * (count - 1))
  return other < last ? other : other + 1
}
