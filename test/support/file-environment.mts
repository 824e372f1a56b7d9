import { TestEnvironment } from 'jest-environment-node'
import { type Cleanup, cleanupsKey } from './at-file-end.ts'
import { keepCompiledCode } from './compiled-code.mts'
import { exitHooksKey } from './on-exit.ts'

const settleMs = 2_000

keepCompiledCode()

/**
 * Node's test environment, with an end of file that comes after every hook: it runs what `atFileEnd`
 * was given, and fails the file when sockets, listening servers or child processes outlive it.
 */
export default class FileEnvironment extends TestEnvironment {
  #openBefore = openResources()
  #failed = false
  #exitHooks = new Set<() => void>()
  #exit = () => {
    for (const hook of this.#exitHooks) hook()
  }

  override async setup(): Promise<void> {
    await super.setup()
    Object.assign(this.global, { [exitHooksKey]: this.#exitHooks })
    process.once('exit', this.#exit)
    // The parent is gone: nobody would end this worker.
    process.once('disconnect', endProcess)
  }

  override async teardown(): Promise<void> {
    process.off('exit', this.#exit)
    process.off('disconnect', endProcess)
    await super.teardown()
  }

  /** jest-circus awaits this; after `run_finish` the modules of the test file can no longer be used. */
  async handleTestEvent(event: { name: string }): Promise<void> {
    if (event.name === 'test_fn_failure' || event.name === 'hook_failure') this.#failed = true
    if (event.name === 'run_finish') await this.#endFile()
  }

  async #endFile(): Promise<void> {
    const { [cleanupsKey]: cleanups = [] } = this.global as { [cleanupsKey]?: Cleanup[] }
    const failures: unknown[] = []
    for (const cleanup of cleanups.toReversed()) {
      try {
        await cleanup()
      } catch (error) {
        failures.push(error)
      }
    }
    const leaked = await leakedResources(this.#openBefore)
    if (leaked.length > 0) failures.push(new Error(`left open at the end of the file: ${leaked.join(', ')}`))
    // Thrown from here an error replaces the file's results, and a failed test is the news that matters.
    if (this.#failed) return
    if (failures.length === 1) throw failures[0]
    if (failures.length > 1) throw new AggregateError(failures, failures.map(String).join('\n'))
  }
}

function endProcess(): void {
  process.exit(1)
}

/** How many of each kind keep this process alive. */
function openResources(): Record<string, number> {
  const watched = new Set(['TCPSocketWrap', 'TCPServerWrap', 'ProcessWrap'])
  const counts: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) {
    if (watched.has(kind)) counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}

/** What is open beyond `before`, after a moment for sockets that are closing. */
async function leakedResources(before: Record<string, number>): Promise<string[]> {
  const giveUpAt = performance.now() + settleMs
  for (;;) {
    const leaked = Object.entries(openResources())
      .map(([kind, count]) => ({ kind, count: count - (before[kind] ?? 0) }))
      .filter(({ count }) => count > 0)
    if (leaked.length === 0 || performance.now() > giveUpAt) return leaked.map((l) => `${l.count} ${l.kind}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
