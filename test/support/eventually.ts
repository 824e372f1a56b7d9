import { setTimeout as sleep } from 'node:timers/promises'

/** Runs `check` until it stops throwing and returns what it returns; its last error is the failure. */
export async function eventually<T>(
  check: () => T | Promise<T>,
  options: { timeoutMs?: number; intervalMs?: number } = {},
): Promise<T> {
  const { timeoutMs = 30_000, intervalMs = 25 } = options
  const startedAt = performance.now()
  for (;;) {
    try {
      return await check()
    } catch (error) {
      const waitedMs = performance.now() - startedAt
      if (error instanceof HopelessError) throw error
      if (waitedMs + intervalMs > timeoutMs) {
        throw new Error(`still not so after ${Math.round(waitedMs)} ms: ${messageOf(error)}`, {
          cause: error,
        })
      }
    }
    await sleep(intervalMs)
  }
}

/** Thrown by a check when no further try can help: `eventually` gives up at once. */
export class HopelessError extends Error {}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
