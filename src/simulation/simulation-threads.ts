import { Worker } from 'node:worker_threads'
import type { Deps } from '../deps.ts'
import { abandonedAfter } from './play-simulations.ts'

type ThreadDeps = Pick<Deps, 'orm' | 'config' | 'log'>

/** What each process has under way: one thread plays all that waits. */
const threads = new WeakMap<object, { isAskedAgain: boolean }>()

/** A simulation leaves much short-lived garbage; a large nursery spares most of the collector's work. */
export const simulationThreadLimits = { maxYoungGenerationSizeMb: 96, maxOldGenerationSizeMb: 768 }

/** Sees that somebody plays what waits. A process that ends leaves the rest to another: every simulation is a row. */
export function wakeSimulations(deps: ThreadDeps): void {
  const running = threads.get(deps.orm)
  if (running) {
    running.isAskedAgain = true
    return
  }
  const standing = { isAskedAgain: false }
  threads.set(deps.orm, standing)
  const thread = new Worker(new URL('./simulation-thread.ts', import.meta.url), {
    name: 'simulation',
    workerData: { databaseUrl: deps.config.DATABASE_URL },
    resourceLimits: simulationThreadLimits,
  })
  // Nothing is lost when the process ends meanwhile.
  thread.unref()
  thread.on('error', (error) =>
    deps.log.warn({ err: error }, 'the thread of simulations failed; it is tried again'),
  )
  thread.on('exit', () => {
    threads.delete(deps.orm)
    if (standing.isAskedAgain) wakeSimulations(deps)
  })
}

/** Takes up what another process left behind. */
export async function resumeSimulations(deps: ThreadDeps): Promise<void> {
  const [row] = await deps.orm.em.fork().execute<{ waits: boolean }[]>(
    `select exists (select from simulations where state = 'queued'
       or (state = 'running' and beat_at < now() - interval '${abandonedAfter}')) as waits`,
  )
  if (row?.waits) wakeSimulations(deps)
}
