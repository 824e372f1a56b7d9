/** The value below which this share of the samples lies (nearest rank). */
export function percentile(samples: number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

export function median(samples: number[]): number {
  return percentile(samples, 0.5)
}

export interface Comparison {
  what: string
  ours: number
  bare: number
  unit: 'ms' | '/s'
  aim?: string
}

/** One line a comparison: ours, bare, and how many times the one is of the other. */
export function printComparisons(title: string, comparisons: Comparison[]): void {
  console.log(`\n${title}`)
  console.table(
    Object.fromEntries(
      comparisons.map(({ what, ours, bare, unit, aim = '' }) => [
        what,
        { ours: show(ours, unit), bare: show(bare, unit), ratio: `${(ours / bare).toFixed(2)}x`, aim },
      ]),
    ),
  )
}

const barWidth = 40

/** Where the samples lie, in steps that double. */
export function printHistogram(title: string, samplesMs: number[]): void {
  const edges = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, Number.POSITIVE_INFINITY]
  const counts = edges.map(
    (edge, at) => samplesMs.filter((ms) => ms < edge && ms >= (edges[at - 1] ?? 0)).length,
  )
  const most = Math.max(...counts)
  console.log(`\n${title} (${samplesMs.length} samples)`)
  for (const [at, count] of counts.entries()) {
    if (count === 0) continue
    const bar = '█'.repeat(Math.max(1, Math.round((count / most) * barWidth)))
    console.log(`  ${String(edges[at - 1] ?? 0).padStart(5)} ms ${bar} ${count}`)
  }
  const [p50, p99] = [percentile(samplesMs, 0.5), percentile(samplesMs, 0.99)]
  console.log(
    `  p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, most ${Math.max(...samplesMs).toFixed(1)} ms`,
  )
}

function show(value: number, unit: Comparison['unit']): string {
  const digits = value < 100 ? 1 : 0
  return unit === 'ms' ? `${value.toFixed(digits)} ms` : `${value.toFixed(digits)} /s`
}
