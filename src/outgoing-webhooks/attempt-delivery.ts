import { NoAnswer } from '../../integrations/kit.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { failingForMs, nextAttemptDelayMs } from '../model/webhook.ts'
import { disableEndpoint } from './disable-endpoint.ts'
import { unsealHeaders } from './endpoints.ts'
import { composeDelivery, type Composed } from './compose-delivery.ts'
import { signWebhook } from './secrets.ts'

export interface EndpointAccess {
  id: string
  workspaceId: string
  url: string
  form: 'standard' | 'wabbit'
  name: string
  userId: string | null
  kinds: string[]
  sealedSecret: string | null
  sealedHeaders: string | null
  resumesInMs: number
}
export interface DueDelivery {
  id: string
  kind: string
  conversationId: string | null
  data: JsonObject
  seq: number
  attempts: number
  at: string
}
interface Outcome {
  status: number | null
  answer: string | null
  error: string | null
  retryAfterMs: number | undefined
  ms: number
}

const maximumAnswerBytes = 64 * 1_024
const keptAnswerLength = 1_000

/** One POST and what follows from it. `halt`: the endpoint asks for a rest, or is disabled now. */
export async function attemptDelivery(
  deps: Deps,
  endpoint: EndpointAccess,
  delivery: DueDelivery,
): Promise<'go on' | 'halt'> {
  const em = forkFor(deps.orm, endpoint.workspaceId)
  const composed = await composeDelivery(deps, endpoint, delivery)
  // Nothing of it is for this receiver (any more).
  if (!composed) {
    await em.execute('delete from webhook_deliveries where id = ?', [delivery.id])
    return 'go on'
  }
  const outcome = await post(deps, endpoint, delivery, composed.body)
  const isTaken = outcome.status !== null && outcome.status >= 200 && outcome.status < 300
  return em.transactional((tx) =>
    isTaken ? succeed(tx, endpoint, delivery, outcome, composed) : fail(tx, endpoint, delivery, outcome),
  )
}

async function post(
  deps: Deps,
  endpoint: EndpointAccess,
  { id }: DueDelivery,
  body: string,
): Promise<Outcome> {
  const startedAtMs = performance.now()
  const passed = () => Math.round(performance.now() - startedAtMs)
  try {
    const {
      status,
      body: answer,
      retryAfterMs,
    } = await deps.http({
      method: 'POST',
      url: endpoint.url,
      headers: {
        ...unsealHeaders(deps, endpoint.sealedHeaders),
        'content-type': 'application/json',
        ...signWebhook(deps.seal, endpoint.sealedSecret, { id: `msg_${id}`, body, nowMs: Date.now() }),
      },
      bytes: Buffer.from(body),
      timeoutMs: deps.config.WEBHOOK_TIMEOUT_MS,
      maximumBytes: maximumAnswerBytes,
    })
    const text = typeof answer === 'string' ? answer : JSON.stringify(answer)
    const error = status >= 300 && status < 400 ? 'it redirects, and redirects are not followed' : null
    return { status, answer: storable(text), error, retryAfterMs, ms: passed() }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const why = error instanceof NoAnswer && error.cause instanceof Error ? `: ${error.cause.message}` : ''
    const reason = storable(`${error.message}${why}`)
    return { status: null, answer: null, error: reason, retryAfterMs: undefined, ms: passed() }
  }
}

/** PostgreSQL keeps no NUL. */
function storable(text: string): string {
  return text.replaceAll('\0', '').slice(0, keptAnswerLength)
}

async function succeed(
  em: Em,
  { id: endpointId, workspaceId }: EndpointAccess,
  { id }: DueDelivery,
  outcome: Outcome,
  { onDelivered }: Composed,
): Promise<'go on'> {
  await em.execute(
    `update webhook_deliveries set state = 'delivered', delivered_at = now(), attempts = attempts + 1, status = ?, answer = ?,
       error = null where id = ?`,
    [outcome.status, outcome.answer, id],
  )
  await em.execute(
    'update webhook_endpoints set failing_since = null, resumes_at = null where id = ? and failing_since is not null',
    [endpointId],
  )
  await keepAttempt(em, workspaceId, id, outcome)
  await onDelivered(em)
  return 'go on'
}

async function fail(
  em: Em,
  endpoint: EndpointAccess,
  { id, attempts }: DueDelivery,
  outcome: Outcome,
): Promise<'go on' | 'halt'> {
  const { status, error, retryAfterMs } = outcome
  const delayMs = nextAttemptDelayMs(attempts + 1, Math.random(), retryAfterMs)
  await em.execute(
    `update webhook_deliveries set attempts = attempts + 1, status = ?, answer = ?, error = ?,
       state = case when ?::float8 is null then 'failed' else state end,
       next_at = now() + coalesce(?::float8, 0) * interval '1 millisecond' where id = ?`,
    [status, outcome.answer, error, delayMs ?? null, delayMs ?? null, id],
  )
  await keepAttempt(em, endpoint.workspaceId, id, outcome)
  const [row] = await em.execute<{ failing_ms: number }[]>(
    `update webhook_endpoints set failing_since = coalesce(failing_since, now()),
       resumes_at = case when ?::float8 is null then resumes_at else now() + ?::float8 * interval '1 millisecond' end
     where id = ? returning (extract(epoch from now() - failing_since) * 1000)::float8 as failing_ms`,
    [retryAfterMs ?? null, Math.min(retryAfterMs ?? 0, 24 * 60 * 60_000), endpoint.id],
  )
  if (status === 410) {
    await disableEndpoint(em, endpoint, 'it answered 410: gone for good')
    return 'halt'
  }
  if (row && row.failing_ms >= failingForMs) {
    await disableEndpoint(em, endpoint, `it has failed for five days, at last with ${status ?? error}`)
    return 'halt'
  }
  return retryAfterMs === undefined ? 'go on' : 'halt'
}

async function keepAttempt(em: Em, workspaceId: string, deliveryId: string, outcome: Outcome): Promise<void> {
  const { status, answer, error, ms } = outcome
  // Meanwhile somebody may have deleted the endpoint, and all of this with it.
  await em.execute(
    `insert into webhook_attempts (workspace_id, delivery_id, status, answer, error, ms)
     select d.workspace_id, d.id, ?, ?, ?, ? from webhook_deliveries d where d.id = ? and d.workspace_id = ? for key share`,
    [status, answer, error, ms, deliveryId, workspaceId],
  )
}
