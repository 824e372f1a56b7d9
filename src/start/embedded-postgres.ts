import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'

import { chownSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { readJson, writeJson } from './json-file.ts'
import { rememberedPort } from './ports.ts'
import { findPrograms } from './postgres-programs.ts'
import {
  choosePostgresHome,
  findPostgresUser,
  type PostgresUser,
  reachablePrograms,
} from './postgres-home.ts'
import type { ChildSpec, Launch } from './supervise.ts'
import { waitUntil } from './wait-until.ts'

export interface EmbeddedPostgres {
  /** Of the product's own database. */
  databaseUrl: string
  child: ChildSpec
}

interface Cluster {
  bin: string
  folder: string
  user: PostgresUser | undefined
  port: number
  password: string
}

const database = 'dripline'
const owner = 'dripline'
const readyTimeoutMs = 60_000

/** Settings that keep every acknowledged commit over a crash, and give it the memory of a small server. */
const serverSettings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'shared_buffers=256MB',
  'max_connections=200',
  'synchronous_commit=on',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_wal_size=2GB',
  'checkpoint_completion_target=0.9',
  'random_page_cost=1.1',
  'log_min_messages=warning',
  'log_checkpoints=off',
  'timezone=UTC',
  'log_timezone=UTC',
]

/** Makes the cluster in DATA_DIR at the first start; the child that it describes is the postmaster. */
export async function prepareEmbeddedPostgres(dataDir: string): Promise<EmbeddedPostgres> {
  const cluster = await prepareCluster(dataDir)
  return {
    databaseUrl: urlOf(cluster, database),
    child: {
      name: 'postgres',
      launch: async () => describeLaunch(cluster),
      waitReady: (signal) => waitForDatabase(cluster, signal),
      stopSignal: 'SIGINT',
      forceSignal: 'SIGQUIT',
      stopTimeoutMs: 20_000,
    },
  }
}

/** Resolves when the server answers queries on this URL. */
export async function waitForPostgres(databaseUrl: string, signal: AbortSignal, timeoutMs: number) {
  const what = `PostgreSQL did not answer at ${hideSecrets(databaseUrl)}`
  await waitUntil(() => query(databaseUrl, 'select 1'), { timeoutMs, signal, what })
}

/** A database URL without its password. */
export function hideSecrets(databaseUrl: string): string {
  const url = new URL(databaseUrl)
  url.password = ''
  return url.href
}

async function prepareCluster(dataDir: string): Promise<Cluster> {
  const programs = findPrograms()
  const user = findPostgresUser()
  const bin = join(reachablePrograms(programs.nativeDir, programs.version, user), 'bin')
  const home = choosePostgresHome(dataDir, user)
  const folder = join(home, 'cluster')
  const password = keepPassword(dataDir)
  if (!existsSync(folder)) await initialise(bin, home, password, user)
  return { bin, folder, user, port: await rememberedPort(dataDir, 'postgres'), password }
}

/** Into a folder that takes its name only when it is whole: a start that is killed leaves no half cluster. */
async function initialise(bin: string, home: string, password: string, user: PostgresUser | undefined) {
  const partial = join(home, 'cluster.partial')
  rmSync(partial, { recursive: true, force: true })
  const secrets = mkdtempSync(join(tmpdir(), 'dripline-initdb-'))
  const passwordFile = join(secrets, 'password')
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  if (user) for (const path of [secrets, passwordFile]) chownSync(path, user.uid, user.gid)
  try {
    await promisify(execFile)(
      join(bin, 'initdb'),
      [
        `--pgdata=${partial}`,
        `--username=${owner}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        // Sorts the same on every system, whichever locales it has.
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
      ],
      { ...user, cwd: tmpdir() },
    )
  } finally {
    rmSync(secrets, { recursive: true, force: true })
  }
  renameSync(partial, join(home, 'cluster'))
}

function describeLaunch({ bin, folder, user, port }: Cluster): Launch {
  clearForeignLock(folder)
  const settings = serverSettings.flatMap((setting) => ['-c', setting])
  return {
    command: join(bin, 'postgres'),
    args: ['-D', folder, '-p', String(port), ...settings],
    // Nothing of ours: the environment holds secrets, and PostgreSQL runs as another user.
    env: { LC_ALL: 'C' },
    cwd: '/',
    ...user,
  }
}

/**
 * After a crash postmaster.pid stays. PostgreSQL itself copes with one whose process is gone; it refuses one whose
 * number now belongs to a stranger, which is ours to see and to clear. A postmaster's own file is never touched.
 */
function clearForeignLock(folder: string): void {
  const path = join(folder, 'postmaster.pid')
  if (!existsSync(path)) return
  const pid = Number(readFileSync(path, 'utf8').split('\n')[0])
  const commandLine = readCommandLine(pid)
  if (commandLine !== undefined && !commandLine.includes('postgres')) rmSync(path)
}

function readCommandLine(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return undefined
  }
}

async function waitForDatabase(cluster: Cluster, signal: AbortSignal): Promise<void> {
  const adminUrl = urlOf(cluster, 'postgres')
  await waitForPostgres(adminUrl, signal, readyTimeoutMs)
  const found = await query(adminUrl, 'select 1 from pg_database where datname = $1', [database])
  if (found.rowCount === 0) await query(adminUrl, `create database ${database}`)
}

async function query(databaseUrl: string, sql: string, values: unknown[] = []): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 })
  // A server that goes away ends the connection outside of any query.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await client.query(sql, values)
  } finally {
    await client.end().catch(() => undefined)
  }
}

function keepPassword(dataDir: string): string {
  const path = join(dataDir, 'postgres.json')
  const known = readJson<{ password: string }>(path)?.password
  if (known) return known
  const password = randomBytes(18).toString('base64url')
  writeJson(path, { password })
  return password
}

function urlOf({ port, password }: Cluster, name: string): string {
  return `postgres://${owner}:${password}@127.0.0.1:${port}/${name}`
}
