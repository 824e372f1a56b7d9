import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Connection } from '@temporalio/client'
import { bringTemporalBinary } from '../../src/start/temporal-binary.ts'
import { dynamicConfig } from '../../src/start/temporal-server.ts'
import { makeBriefFolder } from './brief-folder.ts'
import { eventually, HopelessError } from './eventually.ts'
import { freePort } from './free-port.ts'
import { onExit } from './on-exit.ts'

export interface TemporalInstance {
  /** host:port; it stays the same over restarts. */
  address: string
  start(): Promise<void>
  stop(): Promise<void>
  /** kill -9; `start` continues from the database file. */
  kill(): Promise<void>
  /** Stops it and removes its files. */
  remove(): Promise<void>
}

/** A Temporal server of its own, started, with its database file in a temporary directory. */
export async function createTemporalInstance(): Promise<TemporalInstance> {
  // The same binary as `npm start` takes; the first run on a machine may have to download it.
  const { signal } = new AbortController()
  const binary = await bringTemporalBinary({ cacheHome: undefined, progress: { output: '' }, signal })
  const directory = makeBriefFolder('dripline-test-temporal-')
  const port = await freePort()
  const address = `127.0.0.1:${port}`
  let child: ChildProcess | undefined

  async function start(): Promise<void> {
    const log: string[] = []
    const started = spawn(binary, serverArguments(port, join(directory, 'temporal.db')), {
      env: { ...process.env, GOGC: '400' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = started
    started.stdout.on('data', (chunk) => log.push(String(chunk)))
    started.stderr.on('data', (chunk) => log.push(String(chunk)))
    await eventually(() => answers(address, started), { timeoutMs: 30_000 }).catch((error: unknown) => {
      throw new Error(`Temporal does not start:\n${log.join('').slice(-2_000)}`, { cause: error })
    })
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }
  const cancelOnExit = onExit(() => {
    child?.kill('SIGKILL')
    rmSync(directory, { recursive: true, force: true, maxRetries: 10 })
  })
  async function remove(): Promise<void> {
    await end('SIGKILL')
    await rm(directory, { recursive: true, force: true })
    cancelOnExit()
  }

  await start()
  return { address, start, stop: () => end('SIGTERM'), kill: () => end('SIGKILL'), remove }
}

function serverArguments(port: number, databaseFile: string): string[] {
  const settings = Object.entries(dynamicConfig).flatMap(([key, value]) => [
    '--dynamic-config-value',
    `${key}=${value}`,
  ])
  const pragmas = ['journal_mode=WAL', 'synchronous=NORMAL'].flatMap((pragma) => ['--sqlite-pragma', pragma])
  const place = ['--ip', '127.0.0.1', '--port', String(port), '--db-filename', databaseFile]
  return ['server', 'start-dev', '--headless', '--log-level', 'error', ...place, ...pragmas, ...settings]
}

async function answers(address: string, child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) throw new HopelessError(`it ended with ${child.exitCode}`)
  const connection = await Connection.connect({ address, connectTimeout: '1s' })
  try {
    await connection.workflowService.describeNamespace({ namespace: 'default' })
  } finally {
    await connection.close()
  }
}
