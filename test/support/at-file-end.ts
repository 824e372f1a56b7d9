export type Cleanup = () => Promise<void> | void

/** Runs after everything else in this test file, the latest registered first, whether or not the tests pass. */
export function atFileEnd(cleanup: Cleanup): void {
  const place = globalThis as { [cleanupsKey]?: Cleanup[] }
  place[cleanupsKey] ??= []
  place[cleanupsKey].push(cleanup)
}

/** Where the cleanups wait; file-environment.mts runs them after the last hook. */
export const cleanupsKey = Symbol.for('dripline.test.cleanups')
