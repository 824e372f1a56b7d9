/** How many visits took how long, by bucket. */
export type Histogram = ReadonlyMap<number, number>

/**
 * The shortest time of a bucket in milliseconds: four buckets between a time and its double, so that a bucket is at most a
 * quarter wide. The other direction is `spent_bucket` in SQL.
 */
export function bucketStart(bucket: number): number {
  return bucket < 4 ? bucket : (4 + (bucket % 4)) * 2 ** (Math.floor(bucket / 4) - 1)
}

/** The time that this share of the visits stayed below, evenly spread within its bucket; undefined without visits. */
export function quantileMs(histogram: Histogram, share: number): number | undefined {
  const buckets = [...histogram].filter(([, n]) => n > 0).sort(([a], [b]) => a - b)
  const total = buckets.reduce((sum, [, n]) => sum + n, 0)
  let before = 0
  for (const [bucket, n] of buckets) {
    if (before + n >= share * total) {
      const start = bucketStart(bucket)
      return Math.round(start + ((share * total - before) / n) * (bucketStart(bucket + 1) - start))
    }
    before += n
  }
  return undefined
}
