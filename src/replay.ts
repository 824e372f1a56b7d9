import { resolve } from 'node:path'
import { isGrpcServiceError } from '@temporalio/client'
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker'
import { compose, dispose, type Composed } from './compose.ts'
import { childEnvironment, loadConfig, type Config } from './config.ts'
import { readDemo } from './start/demo-file.ts'
import { keepMasterKey } from './start/master-key.ts'
import { preloadModules, workflowsPath } from './temporal/workflow-sources.ts'

/** gRPC's status of what does not exist. */
const notFound = 5

/** `npm run replay -- <workflow id> [run id]`: does the workflow code of today still fit that history? */
async function main([workflowId, runId]: string[]): Promise<number> {
  if (!workflowId) {
    console.error('Usage: npm run replay -- <workflow id> [run id]')
    return 2
  }
  Runtime.install({ logger: new DefaultLogger('ERROR') })
  const deps = await compose(findConfig(), 'replay')
  try {
    const events = await replay(deps, workflowId, runId)
    console.log(`OK: today's code replays the ${events} events of ${workflowId}`)
    return 0
  } catch (error) {
    console.error(explain(error, workflowId))
    return 1
  } finally {
    await dispose(deps)
  }
}

/** Fetches, decodes and replays one history. Returns how many events it has; throws what does not fit. */
async function replay(deps: Composed, workflowId: string, runId?: string): Promise<number> {
  const history = await deps.temporal.workflow.getHandle(workflowId, runId).fetchHistory()
  const { WORKFLOW_BUNDLE_PATH: codePath } = deps.config
  await Worker.runReplayHistory(
    {
      ...(codePath
        ? { workflowBundle: { codePath } }
        : { workflowsPath, bundlerOptions: { preloadModules } }),
      dataConverter: { payloadCodecs: [deps.codec] },
    },
    history,
    workflowId,
  )
  return history.events?.length ?? 0
}

/** The environment's, and what it leaves open from the `npm start` of this DATA_DIR. */
function findConfig(): Config {
  const config = loadConfig()
  const dataDir = resolve(config.DATA_DIR)
  const demo = readDemo(dataDir)
  if (!demo) return config
  const { databaseUrl: DATABASE_URL, temporalAddress: TEMPORAL_ADDRESS } = demo
  const MASTER_KEY = config.MASTER_KEY ?? keepMasterKey(dataDir)
  return loadConfig(childEnvironment({ DATABASE_URL, TEMPORAL_ADDRESS, MASTER_KEY }))
}

function explain(error: unknown, workflowId: string): string {
  const words = error instanceof Error ? error.message : String(error)
  if (error instanceof Error && error.name === 'DeterminismViolationError')
    return `NOT DETERMINISTIC: today's code takes another way than the history of ${workflowId}.\n${words}`
  if (isGrpcServiceError(error) && error.code === notFound) return `Temporal knows no workflow ${workflowId}.`
  return `The replay of ${workflowId} failed: ${words}`
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))
