import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { childEnvironment } from '../src/config.ts'
import { askHttp } from '../src/start/ask-http.ts'
import { waitUntil } from '../src/start/wait-until.ts'
import { createPostgresInstance } from '../test/support/postgres-instance.ts'
import { createTemporalInstance } from '../test/support/temporal-instance.ts'
import { freePort } from '../test/support/free-port.ts'
import { median, printComparisons } from './support/figures.ts'

const rounds = 3
const timeoutMs = 120_000
const root = fileURLToPath(new URL('../', import.meta.url))

/**
 * `npm start` with everything installed, until /readyz says that PostgreSQL, Temporal and a worker answer: on an empty
 * data directory, and again on the same. Bare: a new PostgreSQL cluster and a Temporal server, side by side, and no more.
 */
async function main(): Promise<void> {
  const measured = { first: [] as number[], second: [] as number[], bare: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    const dataDir = mkdtempSync(join(tmpdir(), 'dripline-bench-'))
    const ports = { PORT: String(await freePort()), SANDBOX_PORT: String(await freePort()) }
    try {
      measured.first.push(await start(dataDir, ports))
      measured.second.push(await start(dataDir, ports))
    } finally {
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 10 })
    }
    measured.bare.push(await startBare())
  }
  const bare = median(measured.bare)
  const aim = '<= 10,000 ms'
  printComparisons('npm start to ready, everything installed', [
    { what: 'first start', ours: median(measured.first), bare, unit: 'ms', aim },
    { what: 'second start', ours: median(measured.second), bare, unit: 'ms', aim },
  ])
}

async function start(dataDir: string, ports: { PORT: string; SANDBOX_PORT: string }): Promise<number> {
  const startedAtMs = performance.now()
  const child = spawn('npm', ['start', '--silent'], {
    cwd: root,
    env: childEnvironment({}, { ...ports, DATA_DIR: dataDir }),
    stdio: 'ignore',
  })
  const ready = new AbortController()
  const ended = once(child, 'exit')
  void ended.then(() => ready.abort(new Error('npm start has ended')))
  const url = `http://127.0.0.1:${ports.PORT}/readyz`
  try {
    await waitUntil(() => askHttp(url), { timeoutMs, signal: ready.signal, what: `${url} is not ready` })
    return performance.now() - startedAtMs
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

async function startBare(): Promise<number> {
  const startedAtMs = performance.now()
  const servers = await Promise.all([createPostgresInstance(), createTemporalInstance()])
  const tookMs = performance.now() - startedAtMs
  await Promise.all(servers.map((server) => server.remove()))
  return tookMs
}

await main()
