import type { RunProgress } from '../../api/report-shapes.ts'

const soonMs = 10 * 60_000

/** How often one looks again: while it goes on and its answers come in, and later less often. */
export function lookAgainMs({ endedAt }: RunProgress, liveMs: number): number {
  const isLive = endedAt === null || Date.now() - Date.parse(endedAt) < soonMs
  return isLive ? liveMs : 30_000
}
