/**
 * Runs when this process exits, for a run that is broken off and can await nothing; returns how to take it back.
 * In a test file `process` is Jest's copy, which no event reaches: file-environment.mts brings the list it looks for.
 */
export function onExit(hook: () => void): () => void {
  const { [exitHooksKey]: hooks } = globalThis as { [exitHooksKey]?: Set<() => void> }
  if (hooks) hooks.add(hook)
  else process.once('exit', hook)
  return () => {
    hooks?.delete(hook)
    process.off('exit', hook)
  }
}

export const exitHooksKey = Symbol.for('dripline.test.exit-hooks')
