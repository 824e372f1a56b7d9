import type { RequestHandler } from 'express'
import protobuf, { type temporal } from '@temporalio/proto'
import type { Deps } from '../deps.ts'
import { shareFor, within } from './patience.ts'
import { isUnavailable } from './unavailable.ts'

export interface Check {
  status: 'ok' | 'error'
  ms: number
  error?: string
}
export interface Readiness {
  status: 'ok' | 'error'
  checks: { postgres: Check; temporal: Check; worker: Check }
}

const timeoutMs = 2_000
const freshMs = 1_000

/** `GET /healthz`: the process is up, whatever it depends on. */
export const serveHealth: RequestHandler = (_request, response) => {
  response.set('Cache-Control', 'no-store').json({ status: 'ok' })
}

/** `GET /readyz`: 200 only when PostgreSQL, Temporal and a worker answer; each is named. */
export function serveReadiness(readiness: () => Promise<Readiness>): RequestHandler {
  return async (_request, response) => {
    const answer = await readiness()
    response
      .status(answer.status === 'ok' ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json(answer)
  }
}

/** @param taskQueue the one whose workers are looked for. */
export function createReadiness(
  { orm, temporal: client, config, background }: Pick<Deps, 'orm' | 'temporal' | 'config' | 'background'>,
  taskQueue: string,
): () => Promise<Readiness> {
  const service = client.connection.workflowService
  const namespace = config.TEMPORAL_NAMESPACE
  const ask = <T>(call: () => Promise<T>) => {
    const answer = client.connection.withDeadline(Date.now() + timeoutMs, call)
    // The SDK's retry outlives our patience, and throws out of a timer when the connection is closed before it ends.
    background.run('readiness', () => answer.catch(() => undefined))
    return answer
  }
  return shareFor(freshMs, async () => {
    const [postgres, temporal, worker] = await Promise.all([
      check(() => orm.em.fork().execute('select 1')),
      check(() => ask(() => service.describeNamespace({ namespace }))),
      check(async () => {
        const queues = queueTypes.map((taskQueueType) =>
          ask(() => service.describeTaskQueue({ namespace, taskQueue: { name: taskQueue }, taskQueueType })),
        )
        for (const { pollers } of await Promise.all(queues)) findLivePoller(pollers)
      }),
    ])
    const checks = { postgres, temporal, worker }
    const isReady = Object.values(checks).every(({ status }) => status === 'ok')
    return { status: isReady ? 'ok' : 'error', checks }
  })
}

const { TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY } = protobuf.temporal.api.enums.v1.TaskQueueType
const queueTypes = [TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY]

/** An idle worker asks again when its poll of 60 s ends; Temporal shows those that are gone for five minutes. */
const pollerFreshMs = 65_000

function findLivePoller(pollers: temporal.api.taskqueue.v1.IPollerInfo[]): void {
  const seenAtMs = Math.max(
    0,
    ...pollers.map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000),
  )
  const ageMs = Date.now() - seenAtMs
  if (ageMs <= pollerFreshMs) return
  throw new Error(
    seenAtMs === 0 ? 'no worker polls' : `no worker has polled for ${Math.round(ageMs / 1_000)} s`,
  )
}

async function check(work: () => Promise<unknown>): Promise<Check> {
  const startedAtMs = performance.now()
  const ms = () => Math.round(performance.now() - startedAtMs)
  try {
    await within(timeoutMs, work())
    return { status: 'ok', ms: ms() }
  } catch (error) {
    return { status: 'error', ms: ms(), error: describe(error) }
  }
}

/** Enough to know what to look after, without addresses or credentials. */
function describe(error: unknown): string {
  if (isUnavailable(error)) return 'does not answer'
  const message = error instanceof Error ? error.message : String(error)
  return message.slice(0, 200)
}
