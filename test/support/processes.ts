import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { atFileEnd } from './at-file-end.ts'
import { eventually, HopelessError } from './eventually.ts'
import { onExit } from './on-exit.ts'

export interface TestProcess {
  pid: number
  /** Everything that it wrote to stdout and stderr. */
  log(): string
  /** Waits for a line of the log, from the start of the log, and returns the match. */
  waitForLine(pattern: RegExp, timeoutMs?: number): Promise<RegExpMatchArray>
  /** Waits until this URL answers with a 2xx status. */
  waitForUrl(url: string, timeoutMs?: number): Promise<void>
  /** kill -9. */
  kill(): Promise<void>
  /** SIGTERM, and SIGKILL when that has not ended it in time; returns the exit code, null after a signal. */
  stop(graceMs?: number): Promise<number | null>
  /** Resolves with the exit code however it ends. */
  exited: Promise<number | null>
}

const projectRoot = fileURLToPath(new URL('../../', import.meta.url))
/** Spares every start but the first half of its processor time: without types and compiled it finds its modules here. */
export const compileCache = join(projectRoot, 'node_modules/.cache/dripline-test')
/** Long for a machine under load, and within a test's own limit, so that the failure shows the log. */
const startTimeoutMs = 50_000

/**
 * Starts an entry of the project (`src/worker.ts`) as a process of its own. It gets only the variables
 * given here, so that nothing of the developer's environment leaks in. It is killed at the end of the file.
 */
export function startProcess(entry: string, env: Record<string, string>, args: string[] = []): TestProcess {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: projectRoot,
    env: { PATH, HOME, NODE_COMPILE_CACHE: compileCache, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const chunks: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk))
  }
  const log = () => chunks.join('')
  const exited = once(child, 'close').then(() => child.exitCode)
  const kill = () => end(child, 'SIGKILL', exited).then(() => {})
  atFileEnd(kill)
  onExit(() => child.kill('SIGKILL'))
  const check = (so: boolean, awaited: unknown, why: string) => {
    if (so) return
    const ended = hasEnded(child) && `it ended with ${child.exitCode ?? child.signalCode}`
    const message = `${entry} is awaited for ${awaited}, but ${ended || why}:\n${log().slice(-3_000)}`
    throw ended ? new HopelessError(message) : new Error(message)
  }
  return {
    pid: child.pid as number,
    log,
    kill,
    exited,
    waitForLine: (pattern, timeoutMs = startTimeoutMs) =>
      eventually(
        () => {
          const match = log().match(pattern)
          check(match !== null, pattern, 'it has not written that')
          return match as RegExpMatchArray
        },
        { timeoutMs },
      ),
    waitForUrl: (url, timeoutMs = startTimeoutMs) =>
      eventually(
        async () => {
          const status = await statusOf(url)
          check(status === 'ok', url, status)
        },
        { timeoutMs },
      ),
    stop: async (graceMs = 20_000) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
      try {
        return await end(child, 'SIGTERM', exited)
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals, exited: Promise<number | null>) {
  if (!hasEnded(child)) child.kill(signal)
  return exited
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

async function statusOf(url: string): Promise<string> {
  try {
    const answer = await fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(5_000) })
    await answer.arrayBuffer()
    return answer.ok ? 'ok' : `it answered ${answer.status}`
  } catch (error) {
    return String((error as Error).cause ?? error)
  }
}
