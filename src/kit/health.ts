import type { RequestHandler } from 'express'
import type { Deps } from '../deps.ts'
import { shareFor, within } from './patience.ts'
import { isUnavailable } from './unavailable.ts'
import { expectBeat } from './worker-beat.ts'

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

export function createReadiness({
  orm,
  temporal: client,
  config,
  background,
}: Pick<Deps, 'orm' | 'temporal' | 'config' | 'background'>): () => Promise<Readiness> {
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
      check(() => expectBeat(orm)),
    ])
    const checks = { postgres, temporal, worker }
    const isReady = Object.values(checks).every(({ status }) => status === 'ok')
    return { status: isReady ? 'ok' : 'error', checks }
  })
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
