import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Config } from '../config.ts'
import type { ChildSpec } from './supervise.ts'
import { waitUntil } from './wait-until.ts'

/**
 * Polls a second of each queue. The default, 20 a shard, costs 40 ms at every hand-over of a task on the one shard
 * of the dev server. deploy/temporal-dynamic-config.yaml sets the same ones.
 */
export const dynamicConfig: Record<string, number> = {
  'history.transferProcessorMaxPollRPS': 2000,
  'history.timerProcessorMaxPollRPS': 2000,
  'history.visibilityProcessorMaxPollRPS': 2000,
}

export interface TemporalServerOptions {
  binary: string
  dataDir: string
  port: number
  uiPort: number
  config: Config
  /** Where the UI has payloads decoded. */
  codecEndpoint: string
  env: Record<string, string | undefined>
}

const readyTimeoutMs = 60_000

/** Temporal's dev server over a database file: what it has acknowledged survives its end. */
export function describeTemporalServer(options: TemporalServerOptions): ChildSpec {
  const { port, config: ours } = options
  const config = { ...ours, TEMPORAL_ADDRESS: `127.0.0.1:${port}` }
  const database = join(options.dataDir, 'temporal', 'temporal.db')
  mkdirSync(dirname(database), { recursive: true })
  return {
    name: 'temporal',
    launch: async () => ({
      command: options.binary,
      args: ['server', 'start-dev', ...serverFlags(options, database), ...(await searchAttributeFlags())],
      env: { ...options.env, GOGC: '400' },
    }),
    waitReady: (signal) => waitForTemporal(config, signal, readyTimeoutMs),
  }
}

/** Resolves when the server at TEMPORAL_ADDRESS answers for our namespace. */
export async function waitForTemporal(config: Config, signal: AbortSignal, timeoutMs: number): Promise<void> {
  const [{ Connection }, { connectionOptions }] = await Promise.all([
    import('@temporalio/client'),
    import('../temporal/connect.ts'),
  ])
  const options = await connectionOptions(config)
  const ask = async () => {
    const connection = await Connection.connect({ ...options, connectTimeout: '5s' })
    try {
      await connection.withDeadline(Date.now() + 5_000, () =>
        connection.workflowService.describeNamespace({ namespace: config.TEMPORAL_NAMESPACE }),
      )
    } finally {
      await connection.close()
    }
  }
  await waitUntil(ask, { timeoutMs, signal, what: `Temporal did not answer at ${options.address}` })
}

function serverFlags(options: TemporalServerOptions, database: string): string[] {
  const tuning = Object.entries(dynamicConfig).map(([key, value]) => `${key}=${value}`)
  return [
    ...['--ip', '127.0.0.1', '--port', String(options.port), '--ui-port', String(options.uiPort)],
    ...['--db-filename', database, '--log-level', 'warn', '--namespace', options.config.TEMPORAL_NAMESPACE],
    ...['--ui-codec-endpoint', options.codecEndpoint],
    ...['journal_mode=WAL', 'synchronous=NORMAL'].flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...tuning.flatMap((pair) => ['--dynamic-config-value', pair]),
  ]
}

async function searchAttributeFlags(): Promise<string[]> {
  const { searchAttribute } = await import('../../workflows/contract.ts')
  return Object.values(searchAttribute).flatMap(({ name }) => ['--search-attribute', `${name}=Keyword`])
}
