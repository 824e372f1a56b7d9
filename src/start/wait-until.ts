import { setTimeout as sleep } from 'node:timers/promises'

export interface WaitOptions {
  timeoutMs: number
  signal: AbortSignal
  everyMs?: number
  /** What did not happen, for the error. */
  what: string
}

/** Asks `probe` until it stops throwing; after `timeoutMs` its last error is the cause of ours. */
export async function waitUntil<T>(probe: () => Promise<T>, options: WaitOptions): Promise<T> {
  const { timeoutMs, signal, everyMs = 50, what } = options
  const deadlineMs = Date.now() + timeoutMs
  for (;;) {
    signal.throwIfAborted()
    try {
      return await probe()
    } catch (error) {
      if (Date.now() > deadlineMs) {
        const reason = error instanceof Error ? error.message || error.name : String(error)
        throw new Error(`${what} within ${timeoutMs / 1000} s: ${reason}`, { cause: error })
      }
    }
    await sleep(everyMs, undefined, { signal })
  }
}
