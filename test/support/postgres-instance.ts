import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { chown, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findPostgresUser, reachablePrograms } from '../../src/start/postgres-home.ts'
import { findPrograms } from '../../src/start/postgres-programs.ts'
import { makeBriefFolder } from './brief-folder.ts'
import { eventually, HopelessError } from './eventually.ts'
import { freePort } from './free-port.ts'
import { onExit } from './on-exit.ts'
import { runSql } from './run-sql.ts'

export interface PostgresInstance {
  /** `postgres://...` of a database on this instance, `postgres` when not named. It stays the same over restarts. */
  url(database?: string): string
  start(): Promise<void>
  /** A fast shutdown: open connections are closed, everything committed is on disk. */
  stop(): Promise<void>
  /** kill -9 of the postmaster; `start` recovers from the write-ahead log. */
  kill(): Promise<void>
  /** Stops it and removes its files. */
  remove(): Promise<void>
}

/** A PostgreSQL cluster of its own, started, in a temporary directory on a free port. */
export async function createPostgresInstance(): Promise<PostgresInstance> {
  const { nativeDir, version } = findPrograms()
  const user = findPostgresUser()
  const bin = join(reachablePrograms(nativeDir, version, user), 'bin')
  const folder = makeBriefFolder('dripline-test-postgres-')
  const port = await freePort()
  const runAs = { ...user, cwd: '/', env: { LC_ALL: 'C' } }
  let server: ChildProcess | undefined
  const url = (database = 'postgres') => `postgres://postgres@127.0.0.1:${port}/${database}`

  async function start(): Promise<void> {
    const settings = serverSettings.flatMap((setting) => ['-c', setting])
    const started = spawn(join(bin, 'postgres'), ['-D', folder, '-p', String(port), ...settings], runAs)
    server = started
    let log = ''
    started.stderr.on('data', (chunk) => {
      log = (log + String(chunk)).slice(-4_000)
    })
    const check = () => {
      if (hasEnded(started)) throw new HopelessError(`PostgreSQL ended as it started:\n${log}`)
      return runSql(url(), 'select 1')
    }
    await eventually(check, { timeoutMs: 60_000 })
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!server || hasEnded(server)) return
    const exited = once(server, 'exit')
    server.kill(signal)
    await exited
  }
  async function kill(): Promise<void> {
    await end('SIGKILL')
    // Its children notice a moment later, and until then a new postmaster finds their shared memory in use.
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  const cancelOnExit = onExit(() => {
    server?.kill('SIGKILL')
    waitMs(200) // for its children, which would put files back
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  })
  async function remove(): Promise<void> {
    await end('SIGQUIT')
    await rm(folder, { recursive: true, force: true })
    cancelOnExit()
  }

  if (user) await chown(folder, user.uid, user.gid)
  await promisify(execFile)(join(bin, 'initdb'), [`--pgdata=${folder}`, ...clusterOptions], runAs)
  await start()
  return { url, start, stop: () => end('SIGINT'), kill, remove }
}

/** As src/start/embedded-postgres.ts makes the product's cluster, without a password on the loopback. */
const clusterOptions = [
  '--username=postgres',
  '--auth=trust',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-sync',
]

/**
 * Nothing is flushed to the disk: a killed server loses nothing that the kernel holds. Commits do stay
 * synchronous, for the buffers of the write-ahead log die with the server and fault tests count on commits.
 */
const serverSettings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'fsync=off',
  'full_page_writes=off',
  // The log of a run's every commit does not pile up in memory.
  'max_wal_size=256MB',
  'max_connections=300',
  'timezone=UTC',
]

function hasEnded(server: ChildProcess): boolean {
  return server.exitCode !== null || server.signalCode !== null
}

/** Without the event loop, which an exit has left. */
function waitMs(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
