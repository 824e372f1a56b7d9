import { Listr, type ListrTask, PRESET_TIMER } from 'listr2'
import { type Config, childEnvironment } from '../config.ts'
import type { Demo } from '../seed.ts'
import { readDemo, writeDemo } from './demo-file.ts'
import { hideSecrets, prepareEmbeddedPostgres, waitForPostgres } from './embedded-postgres.ts'
import { configFor, describeEnvironment, type Places } from './places.ts'
import { describeProductChildren } from './product-children.ts'
import type { Supervisor } from './supervise.ts'
import { bringTemporalBinary } from './temporal-binary.ts'
import { describeTemporalServer, waitForTemporal } from './temporal-server.ts'
import { withTicks } from './ticking.ts'
import { bringWebApp } from './web-app.ts'
import { bringWorkflowBundle } from './workflow-bundle.ts'

export interface Start {
  config: Config
  places: Places
  supervisor: Supervisor
  signal: AbortSignal
}

interface Context {
  databaseUrl: string
  demo: Demo
}

// A server of the user's own is up already, or nearly so.
const foreignTimeoutMs = 20_000

/** Starts everything, what leans on nothing side by side; resolves when the API says that it is ready. */
export async function bringUp(start: Start): Promise<Demo> {
  const foundations = [
    {
      title: 'Database',
      task: (_: Context, task: Parent) =>
        task.newListr([startPostgres(start), migrate(start), seed(start)], { concurrent: false }),
    },
    startTemporal(start),
    bundleWorkflows(),
    buildWebApp(),
  ]
  const tasks = new Listr<Context>(
    [
      { title: 'Foundations', task: (_, task) => task.newListr(foundations, { concurrent: true }) },
      {
        title: 'Processes',
        task: ({ databaseUrl }, task) =>
          task.newListr(startProcesses(start, databaseUrl), { concurrent: true }),
      },
    ],
    {
      // Signals are the supervisor's: it stops what was started, in order.
      registerSignalListeners: false,
      // No terminal, or one that does not say how wide it is.
      fallbackRendererCondition: () => !process.stdout.columns,
      rendererOptions: { collapseSubtasks: false, timer: PRESET_TIMER },
      fallbackRendererOptions: { timer: PRESET_TIMER },
    },
  )
  return (await tasks.run({} as Context)).demo
}

type Parent = Parameters<ListrTask<Context>['task']>[1]

function startPostgres({ config, places, supervisor, signal }: Start): ListrTask<Context> {
  return {
    title: config.DATABASE_URL ? `PostgreSQL at ${hideSecrets(config.DATABASE_URL)}` : 'PostgreSQL',
    task: (context, task) =>
      withTicks(task, 'waiting for PostgreSQL', async () => {
        if (config.DATABASE_URL) {
          context.databaseUrl = config.DATABASE_URL
          return waitForPostgres(config.DATABASE_URL, signal, foreignTimeoutMs)
        }
        const { databaseUrl, child } = await prepareEmbeddedPostgres(places.dataDir)
        context.databaseUrl = databaseUrl
        return supervisor.start(child)
      }),
  }
}

function migrate({ config, places, signal }: Start): ListrTask<Context> {
  return {
    title: 'Schema',
    task: ({ databaseUrl }, task) =>
      withTicks(task, 'migrating', async () => {
        const orm = await import('../db/orm.ts')
        await orm.migrate(databaseUrl)
        // Our own Temporal server is told its search attributes as it starts.
        if (!config.TEMPORAL_ADDRESS) return
        await waitForTemporal(config, signal, foreignTimeoutMs)
        const { registerSearchAttributes } = await import('../temporal/search-attributes.ts')
        await registerSearchAttributes(configFor(places, databaseUrl))
      }),
  }
}

function seed({ places }: Start): ListrTask<Context> {
  return {
    title: 'Demo workspace',
    task: (context, task) =>
      withTicks(task, 'seeding', async () => {
        const { seedDemo } = await import('../seed.ts')
        const { databaseUrl } = context
        const { baseUrl, sandboxUrl, temporalAddress, temporalUiUrl } = places
        const previous = readDemo(places.dataDir)
        context.demo = await seedDemo(configFor(places, databaseUrl), {
          baseUrl,
          sandboxUrl,
          temporalAddress,
          temporalUiUrl,
          databaseUrl,
          ...(previous && { previous }),
        })
        writeDemo(places.dataDir, context.demo)
      }),
  }
}

function startTemporal({ config, places, supervisor, signal }: Start): ListrTask<Context> {
  return {
    title: config.TEMPORAL_ADDRESS ? `Temporal at ${config.TEMPORAL_ADDRESS}` : 'Temporal',
    task: async (_, task) => {
      if (config.TEMPORAL_ADDRESS) {
        const wait = () => waitForTemporal(config, signal, foreignTimeoutMs)
        return withTicks(task, 'waiting for Temporal', wait)
      }
      const options = { cacheHome: config.XDG_CACHE_HOME, progress: task, signal }
      const binary = await withTicks(task, 'looking for Temporal', () => bringTemporalBinary(options))
      const child = describeTemporalServer({
        binary,
        dataDir: places.dataDir,
        port: places.temporalPort,
        uiPort: places.temporalUiPort,
        config,
        codecEndpoint: `${places.baseUrl}/codec`,
        env: childEnvironment({}),
      })
      return withTicks(task, 'starting Temporal', () => supervisor.start(child))
    },
  }
}

function bundleWorkflows(): ListrTask<Context> {
  return {
    title: 'Workflow bundle',
    task: (_, task) => withTicks(task, 'bundling', async () => void (await bringWorkflowBundle())),
  }
}

function buildWebApp(): ListrTask<Context> {
  return { title: 'Web app', task: (_, task) => withTicks(task, 'building', bringWebApp) }
}

function startProcesses({ places, supervisor }: Start, databaseUrl: string): ListrTask<Context>[] {
  const children = describeProductChildren(places, describeEnvironment(places, databaseUrl))
  const titles = { api: 'API', worker: 'Worker', sandbox: 'WhatsApp sandbox' }
  return [children.api, children.worker, children.sandbox].map((child) => ({
    title: titles[child.name as keyof typeof titles],
    task: (_, task) => withTicks(task, `waiting for the ${child.name}`, () => supervisor.start(child)),
  }))
}
