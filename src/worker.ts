import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker'
import { createActivities } from '../activities/index.ts'
import { taskQueue } from '../workflows/contract.ts'
import { compose, dispose, type Composed } from './compose.ts'
import { loadConfig } from './config.ts'
import { keepHeapSmall } from './kit/keep-heap-small.ts'
import { createSendRate } from './inbox/send-rate.ts'
import { createMaintenance } from './outbox/maintenance.ts'
import { connectionOptions } from './temporal/connect.ts'
import { preloadModules, workflowsPath } from './temporal/workflow-sources.ts'

/** Time for sends in flight to end when the process is asked to stop. */
const graceMs = 20_000

async function main(): Promise<void> {
  keepHeapSmall()
  const config = loadConfig()
  const deps = await compose(config, 'worker')
  const metrics = config.WORKER_METRICS_PORT
  Runtime.install({
    shutdownSignals: ['SIGTERM', 'SIGINT'],
    ...(metrics > 0 && {
      telemetryOptions: { metrics: { prometheus: { bindAddress: `0.0.0.0:${metrics}` } } },
    }),
  })
  const connection = await NativeConnection.connect(await connectionOptions(config))
  const worker = await Worker.create({ ...workerOptions(deps), connection })
  const maintenance = createMaintenance(deps)
  deps.log.info({ taskQueue }, 'the worker is polling')
  try {
    await worker.run()
  } finally {
    await maintenance.stop()
    await connection.close()
    await dispose(deps)
    deps.log.info('the worker has stopped')
  }
}

/** How this product's workers are set up; tests use the same. */
export function workerOptions(deps: Composed): WorkerOptions {
  const { config } = deps
  return {
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue,
    activities: createActivities({ ...deps, rate: createSendRate(deps.orm) }),
    ...(config.WORKFLOW_BUNDLE_PATH
      ? { workflowBundle: { codePath: config.WORKFLOW_BUNDLE_PATH } }
      : { workflowsPath, bundlerOptions: { preloadModules } }),
    dataConverter: { payloadCodecs: [deps.codec] },
    shutdownGraceTime: graceMs,
    // What a killed worker held in its cache is offered to others after this.
    stickyQueueScheduleToStartTimeout: '5s',
    // The default of 2 non-sticky pollers starves new workflows while activities are busy.
    workflowTaskPollerBehavior: { type: 'autoscaling', minimum: 2, initial: 8, maximum: 50 },
    activityTaskPollerBehavior: { type: 'autoscaling', minimum: 1, initial: 2, maximum: 20 },
    maxConcurrentWorkflowTaskExecutions: 100,
    maxConcurrentLocalActivityExecutions: 100,
    ...(config.MAX_CACHED_WORKFLOWS && { maxCachedWorkflows: config.MAX_CACHED_WORKFLOWS }),
  }
}

if (import.meta.main) await main()
