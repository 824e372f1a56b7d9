import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker'
import { createActivities } from '../activities/index.ts'
import { campaignsTaskQueue, taskQueue } from '../workflows/contract.ts'
import { compose, dispose, type Composed } from './compose.ts'
import { loadConfig } from './config.ts'
import { keepHeapSmall } from './kit/keep-heap-small.ts'
import { createSendRate, type SendRate } from './inbox/send-rate.ts'
import { createMaintenance } from './outbox/maintenance.ts'
import { connectionOptions } from './temporal/connect.ts'
import { preloadModules, workflowsPath } from './temporal/workflow-sources.ts'

/**
 * The bundle is evaluated in the first task: on a machine that is busy that takes longer than the SDK's 5 s. The option is not
 * among the declared ones, and is read all the same.
 */
const patience = { isolateExecutionTimeout: '30s' }

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
  const workers = await createWorkers(deps, connection)
  const maintenance = createMaintenance(deps)
  deps.log.info({ taskQueues: config.WORKER_QUEUES }, 'the worker is polling')
  try {
    await Promise.all(workers.map((worker) => worker.run()))
  } finally {
    await maintenance.stop()
    await connection.close()
    await dispose(deps)
    deps.log.info('the worker has stopped')
  }
}

/** One worker a queue that this process serves; tests set them up the same way. */
export async function createWorkers(
  deps: Composed,
  connection: NativeConnection,
  overrides: Partial<WorkerOptions> = {},
): Promise<Worker[]> {
  const rate = createSendRate(deps.orm)
  const options = {
    [taskQueue]: () => workerOptions(deps, rate),
    [campaignsTaskQueue]: () => campaignOptions(deps, rate),
  }
  return Promise.all(
    deps.config.WORKER_QUEUES.map((queue) =>
      Worker.create({ ...options[queue](), ...overrides, connection }),
    ),
  )
}

/** Slices of campaigns: each sends from one number as fast as it may. */
function campaignOptions(deps: Composed, rate: SendRate): WorkerOptions {
  return {
    namespace: deps.config.TEMPORAL_NAMESPACE,
    taskQueue: campaignsTaskQueue,
    activities: createActivities({ ...deps, rate }),
    dataConverter: { payloadCodecs: [deps.codec] },
    shutdownGraceTime: graceMs,
    maxConcurrentActivityTaskExecutions: 32,
    activityTaskPollerBehavior: { type: 'autoscaling', minimum: 1, initial: 1, maximum: 8 },
  }
}

function workerOptions(deps: Composed, rate: SendRate): WorkerOptions {
  const { config } = deps
  return {
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue,
    activities: createActivities({ ...deps, rate }),
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
    ...patience,
    maxConcurrentLocalActivityExecutions: 100,
    ...(config.MAX_CACHED_WORKFLOWS && { maxCachedWorkflows: config.MAX_CACHED_WORKFLOWS }),
  }
}

if (import.meta.main) await main()
