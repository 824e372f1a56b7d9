import { setFlagsFromString } from 'node:v8'

/**
 * Has V8 collect garbage sooner instead of asking the system for more memory: what passes through a worker are many short-lived
 * strings. Threads begun later, such as the one that runs workflows, get a small nursery too.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--optimize-for-size')
  setFlagsFromString('--max-semi-space-size=2')
  setFlagsFromString('--semi-space-growth-factor=1')
}
