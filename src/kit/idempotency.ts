import { createHash } from 'node:crypto'
import type { Request } from 'express'
import type { Deps } from '../deps.ts'
import { AppError, errorTable } from '../model/errors.ts'
import { refuseFields, toAppError } from './problem.ts'
import type { Actor } from './route.ts'

/** What a route answered. */
export interface Answer {
  status: number
  body: unknown
}
/** As kept: the body of a success, or a refusal that would come again. */
type Kept = { body: unknown } | { refusal: Pick<AppError, 'code' | 'message' | 'details' | 'fields'> }
interface Row {
  request_hash: string
  status: number | null
  body: { sealed: string } | null
}
interface Claim {
  workspaceId: string
  key: string
  claimedAt: string
}

/** A request that has not ended after this long died with its process: the next one may take its key over. */
const abandonedSeconds = 60

/**
 * Runs a request once for its Idempotency-Key; a repetition gets the first one's answer.
 * Final answers are kept for 24 hours, sealed, because some hold a secret that is shown once.
 * What may succeed later (5xx, 429) frees the key again.
 */
export async function answerOnce(
  deps: Pick<Deps, 'orm' | 'seal' | 'log'>,
  request: Request,
  actor: Actor,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const key = readKey(request)
  if (key === undefined) return work()
  const claimed = await claim(deps, actor.workspaceId, key, hashRequest(request, actor))
  if ('status' in claimed) {
    request.res?.set('Idempotency-Replayed', 'true')
    return open(deps, claimed)
  }
  const answer = await work().catch(async (thrown: unknown) => {
    const { code, message, details, fields } = toAppError(thrown)
    const { status, retry } = errorTable[code]
    const refusal = { code, message, details, fields }
    await settle(deps, () => (retry ? release(deps, claimed) : keep(deps, claimed, status, { refusal })))
    throw thrown
  })
  await settle(deps, () => keep(deps, claimed, answer.status, { body: answer.body }))
  return answer
}

/** What was done is told even when its key could not be settled: that key frees itself. */
async function settle({ log }: Pick<Deps, 'log'>, write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (error) {
    log.warn({ err: error }, 'an Idempotency-Key was not settled')
  }
}

function readKey(request: Request): string | undefined {
  const key = request.get('idempotency-key')
  if (key === undefined || /^[\x21-\x7e]{1,255}$/.test(key)) return key
  throw refuseFields([{ field: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' }])
}

function hashRequest(request: Request, actor: Actor): string {
  const said = [
    actor.kind,
    actor.id,
    request.method,
    request.originalUrl,
    JSON.stringify(request.body ?? null),
  ]
  return createHash('sha256').update(said.join('\n')).digest('hex')
}

/** Takes the key, or returns the answer kept under it. */
async function claim(
  { orm }: Pick<Deps, 'orm'>,
  workspaceId: string,
  key: string,
  requestHash: string,
): Promise<Claim | Row> {
  const em = orm.em.fork()
  const [taken] = await em.execute<{ claimed_at: string }[]>(
    `insert into idempotency_keys as i (workspace_id, key, request_hash) values (?, ?, ?)
     on conflict (workspace_id, key) do update set created_at = now()
       where i.status is null and i.request_hash = excluded.request_hash
         and i.created_at < now() - interval '${abandonedSeconds} seconds'
     returning created_at::text as claimed_at`,
    [workspaceId, key, requestHash],
  )
  if (taken) return { workspaceId, key, claimedAt: taken.claimed_at }
  const [row] = await em.execute<Row[]>(
    'select request_hash, status, body from idempotency_keys where workspace_id = ? and key = ?',
    [workspaceId, key],
  )
  if (row && row.request_hash !== requestHash) {
    throw new AppError('idempotency_mismatch', 'this Idempotency-Key came with another request before')
  }
  if (row && row.status !== null) return row
  const message = 'the first request with this Idempotency-Key has not ended yet'
  throw new AppError('idempotency_in_progress', message, { retryAfterMs: 1_000 })
}

/** `created_at` fences: whoever lost the key to a later request writes nothing. */
async function keep(
  { orm, seal }: Pick<Deps, 'orm' | 'seal'>,
  { workspaceId, key, claimedAt }: Claim,
  status: number,
  kept: Kept,
): Promise<void> {
  await orm.em.fork().execute(
    `update idempotency_keys set status = ?, body = ?::jsonb
     where workspace_id = ? and key = ? and created_at = ?::timestamptz`,
    [status, JSON.stringify({ sealed: seal.seal(JSON.stringify(kept)) }), workspaceId, key, claimedAt],
  )
}

async function release({ orm }: Pick<Deps, 'orm'>, { workspaceId, key, claimedAt }: Claim): Promise<void> {
  await orm.em
    .fork()
    .execute(
      'delete from idempotency_keys where workspace_id = ? and key = ? and created_at = ?::timestamptz',
      [workspaceId, key, claimedAt],
    )
}

function open({ seal }: Pick<Deps, 'seal'>, row: Row): Answer {
  const kept = JSON.parse(seal.unseal(row.body?.sealed ?? '').toString('utf8')) as Kept
  if ('body' in kept || !('refusal' in kept)) return { status: row.status ?? 200, body: kept.body }
  const { code, message, details, fields } = kept.refusal
  throw new AppError(code, message, { details, fields })
}
