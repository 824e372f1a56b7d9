import { setTimeout as sleep } from 'node:timers/promises'
import type { RunFiles } from './run-files.ts'

/** The order in which processes end, each after those that lean on it, with what asks it to. */
export const stopOrder: { name: string; stopSignal: NodeJS.Signals }[] = [
  { name: 'sandbox', stopSignal: 'SIGTERM' },
  { name: 'api', stopSignal: 'SIGTERM' },
  { name: 'worker', stopSignal: 'SIGTERM' },
  { name: 'temporal', stopSignal: 'SIGTERM' },
  // SIGTERM would wait for every client to leave; SIGINT is PostgreSQL's fast shutdown.
  { name: 'postgres', stopSignal: 'SIGINT' },
]

const patienceMs = 10_000
const tickMs = 1_500

/** Ends what a supervisor that was itself killed left running on this data directory. */
export async function endOrphans(runFiles: RunFiles, say: (line: string) => void): Promise<void> {
  for (const { name, stopSignal } of stopOrder) {
    const pid = runFiles.findLive(name)
    if (pid === undefined) continue
    say(`${name} (process ${pid}) was left by a start that was killed: ending it`)
    const isLive = () => runFiles.findLive(name) === pid
    process.kill(pid, stopSignal)
    if (!(await isGoneWithin(isLive, patienceMs, () => say(`waiting for ${name} to stop`)))) {
      process.kill(pid, 'SIGKILL')
      await isGoneWithin(isLive, patienceMs, () => undefined)
    }
    runFiles.remove(name, pid)
  }
}

async function isGoneWithin(isLive: () => boolean, timeoutMs: number, tick: () => void): Promise<boolean> {
  const deadlineMs = Date.now() + timeoutMs
  let nextTickMs = Date.now() + tickMs
  while (isLive()) {
    if (Date.now() > deadlineMs) return false
    if (Date.now() > nextTickMs) {
      tick()
      nextTickMs += tickMs
    }
    await sleep(50)
  }
  return true
}
