import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { compose, dispose } from '../../src/compose.ts'
import { childEnvironment, loadConfig } from '../../src/config.ts'
import { migrate } from '../../src/db/orm.ts'
import { writeDemo } from '../../src/start/demo-file.ts'
import { prepareEmbeddedPostgres } from '../../src/start/embedded-postgres.ts'
import { choosePlaces, configFor, describeEnvironment } from '../../src/start/places.ts'
import { describeProductChildren } from '../../src/start/product-children.ts'
import { createRunFiles } from '../../src/start/run-files.ts'
import { createSupervisor, type ChildSpec, type Supervisor } from '../../src/start/supervise.ts'
import { bringTemporalBinary } from '../../src/start/temporal-binary.ts'
import { describeTemporalServer } from '../../src/start/temporal-server.ts'
import { call } from './http.ts'
import { seedNumber, type SeededNumber } from './seed-number.ts'

export type Product = SeededNumber & {
  webhookUrl: string
  sandboxUrl: string
  temporalAddress: string
  databaseUrl: string
  masterKey: string
  pool: pg.Pool
  /** A process beside the product's own, started the same way. */
  start(spec: ChildSpec): Promise<void>
  stop(): Promise<void>
}
type Part = 'temporal' | 'api' | 'worker' | 'sandbox'

/**
 * The product in its own processes on its own PostgreSQL (its production settings: every commit is flushed) and
 * Temporal server, as `npm start` lays them out, in a temporary data directory. `parts` leaves out what a figure idles.
 */
export async function startProduct(
  parts: Part[] = ['temporal', 'api', 'worker', 'sandbox'],
): Promise<Product> {
  const dataDir = mkdtempSync(join(tmpdir(), 'dripline-bench-'))
  const config = loadConfig({ DATA_DIR: dataDir, PORT: '0', SANDBOX_PORT: '0' })
  const places = await choosePlaces(config, dataDir)
  const supervisor = createSupervisor({ dataDir, runFiles: createRunFiles(dataDir), say: () => undefined })
  const remove = () => rmSync(dataDir, { recursive: true, force: true, maxRetries: 10 })
  process.on('exit', () => {
    supervisor.force()
    remove()
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

  const { databaseUrl, child: postgres } = await prepareEmbeddedPostgres(dataDir)
  await supervisor.start(postgres)
  await migrate(databaseUrl)
  const number = await seed(configFor(places, databaseUrl))
  writeDemo(dataDir, { ...places, databaseUrl, ...number } as never)
  if (parts.includes('temporal')) await startTemporal(supervisor, places, config)
  const env = { ...describeEnvironment(places, databaseUrl), LOG_LEVEL: 'warn' }
  const children = describeProductChildren(places, env)
  for (const part of parts) if (part !== 'temporal') await supervisor.start(children[part])
  if (parts.includes('sandbox')) await liftLimits(places.sandboxUrl)
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 })
  return {
    ...number,
    webhookUrl: `${places.baseUrl}/webhooks/whatsapp`,
    sandboxUrl: places.sandboxUrl,
    temporalAddress: places.temporalAddress,
    databaseUrl,
    masterKey: places.masterKey,
    pool,
    start: (spec) => supervisor.start(spec),
    async stop() {
      await pool.end()
      await supervisor.stop()
      remove()
    },
  }
}

async function seed(config: ReturnType<typeof configFor>): Promise<SeededNumber> {
  const deps = await compose(config, 'bench')
  const number = await seedNumber(deps)
  await dispose(deps)
  return number
}

async function startTemporal(
  supervisor: Supervisor,
  places: Awaited<ReturnType<typeof choosePlaces>>,
  config: ReturnType<typeof loadConfig>,
): Promise<void> {
  const { signal } = new AbortController()
  const binary = await bringTemporalBinary({ cacheHome: undefined, progress: { output: '' }, signal })
  await supervisor.start(
    describeTemporalServer({
      binary,
      dataDir: places.dataDir,
      port: places.temporalPort,
      uiPort: places.temporalUiPort,
      config,
      codecEndpoint: `${places.baseUrl}/codec`,
      env: childEnvironment({}),
    }),
  )
}

/** What is measured is the product, not how fast WhatsApp lets it be. */
async function liftLimits(sandboxUrl: string): Promise<void> {
  const settings = { messagesPerSecond: null, pairLimit: false, windowErrors: 'off' }
  await call('PUT', `${sandboxUrl}/sandbox/settings`, JSON.stringify(settings))
}
