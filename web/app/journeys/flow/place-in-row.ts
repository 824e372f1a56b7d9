interface Placed {
  x: number
  width: number
}
const gap = 20

/**
 * Gives every node of a row the middle that is nearest to the one it wants, in this order and without overlaps: of those
 * that come too near each other the mean is taken (pool adjacent violators).
 */
export function placeInRow<T extends Placed>(row: T[], wanted: (node: T, at: number) => number): void {
  const blocks: { sum: number; count: number }[] = []
  let offset = 0
  const offsets = row.map((node, at) => {
    const before = row[at - 1]
    offset += before ? (before.width + node.width) / 2 + gap : 0
    return offset
  })
  row.forEach((node, at) => {
    let block = { sum: wanted(node, at) - (offsets[at] ?? 0), count: 1 }
    for (let last = blocks.at(-1); last && last.sum / last.count > block.sum / block.count; ) {
      block = { sum: last.sum + block.sum, count: last.count + block.count }
      blocks.pop()
      last = blocks.at(-1)
    }
    blocks.push(block)
  })
  let at = 0
  for (const { sum, count } of blocks) {
    for (let n = 0; n < count; n++, at++) {
      const node = row[at]
      if (node) node.x = sum / count + (offsets[at] ?? 0)
    }
  }
}
