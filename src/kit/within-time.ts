import type { Deps } from '../deps.ts'

/** A call to Temporal that fails rather than last longer. */
export function withinTime<T>(
  { temporal }: Pick<Deps, 'temporal'>,
  timeoutMs: number,
  call: () => Promise<T>,
): Promise<T> {
  return temporal.connection.withDeadline(Date.now() + timeoutMs, call)
}
