import type { Log } from './log.ts'

/** Work that goes on after an answer was given; a process waits for it before it ends. */
export interface Background {
  run(what: string, work: () => Promise<unknown>): void
  drain(): Promise<void>
}

export function createBackground(log: Log): Background {
  const pending = new Set<Promise<void>>()
  return {
    run(what, work) {
      const promise = work().then(
        () => undefined,
        (error: unknown) => log.warn({ err: error, what }, 'background work failed; the sweeper repeats it'),
      )
      pending.add(promise)
      void promise.finally(() => pending.delete(promise))
    },
    async drain() {
      while (pending.size > 0) await Promise.all(pending)
    },
  }
}
