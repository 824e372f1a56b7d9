import { z } from 'zod'
import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'

/** How the workspace's rule engine is reached; the values of its headers are nobody's to read. */
export interface Engine {
  url: string
  headers: Record<string, string>
  timeoutMs: number
}

export interface IgnoredEntry {
  /** As it came, cut to what a screen shows. */
  entry: string
  reason: string
}

export interface EngineView {
  url: string
  headerNames: string[]
  timeoutMs: number
  enabled: boolean
  failingSince: string | null
  lastError: string | null
  lastErrorAt: string | null
  lastAnswerAt: string | null
  lastIgnored: { at: string; entries: IgnoredEntry[] } | null
  by: string
  updatedAt: string
}

interface EngineRow extends Omit<EngineView, 'headerNames'> {
  sealedHeaders: string | null
  /** It does not answer, and was asked a moment ago. */
  rests: boolean
}

/** An engine that fails for so long is asked once in a while only, so that chats do not wait for it in vain. */
const patience = `interval '30 seconds'`
const restsFor = `interval '5 seconds'`

/** Undefined where there is none. */
async function findRow(em: Em, workspaceId: string): Promise<EngineRow | undefined> {
  const [row] = await em.execute<EngineRow[]>(
    `select url, sealed_headers as "sealedHeaders", timeout_ms as "timeoutMs", enabled, last_error as "lastError", by,
       ${isoTime('failing_since')} as "failingSince", ${isoTime('last_error_at')} as "lastErrorAt",
       ${isoTime('last_answer_at')} as "lastAnswerAt", ${isoTime('updated_at')} as "updatedAt", last_ignored as "lastIgnored",
       coalesce(failing_since < now() - ${patience} and last_asked_at > now() - ${restsFor}, false) as rests
     from rule_engines where workspace_id = ?`,
    [workspaceId],
  )
  return row
}

export async function findEngineView(
  deps: Pick<Deps, 'seal'>,
  em: Em,
  workspaceId: string,
): Promise<EngineView | undefined> {
  const row = await findRow(em, workspaceId)
  if (!row) return undefined
  const { sealedHeaders, rests: _rests, ...view } = row
  return { ...view, headerNames: Object.keys(openHeaders(deps, sealedHeaders)) }
}

/** The engine that is to be asked now; undefined where there is none, or where it is left alone for a moment. */
export async function findEngineToAsk(
  deps: Pick<Deps, 'seal'>,
  em: Em,
  workspaceId: string,
): Promise<Engine | undefined> {
  const row = await findRow(em, workspaceId)
  if (!row?.enabled || row.rests) return undefined
  return toEngine(deps, row)
}

/** The engine whether it is on or off, to try it. */
export async function findEngine(
  deps: Pick<Deps, 'seal'>,
  em: Em,
  workspaceId: string,
): Promise<Engine | undefined> {
  const row = await findRow(em, workspaceId)
  return row && toEngine(deps, row)
}

function toEngine(deps: Pick<Deps, 'seal'>, { url, sealedHeaders, timeoutMs }: EngineRow): Engine {
  return { url, timeoutMs, headers: openHeaders(deps, sealedHeaders) }
}

const headersSchema = z.record(z.string(), z.string())

function openHeaders({ seal }: Pick<Deps, 'seal'>, sealed: string | null): Record<string, string> {
  return sealed === null ? {} : headersSchema.parse(JSON.parse(seal.unseal(sealed).toString('utf8')))
}

export async function noteAsked(em: Em, workspaceId: string): Promise<void> {
  await em.execute('update rule_engines set last_asked_at = now() where workspace_id = ?', [workspaceId])
}

/** @param ignored what of its answer could not be done */
export async function noteAnswer(em: Em, workspaceId: string, ignored: IgnoredEntry[]): Promise<void> {
  const last = ignored.length > 0 ? JSON.stringify({ at: new Date().toISOString(), entries: ignored }) : null
  await em.execute(
    `update rule_engines set failing_since = null, last_answer_at = now(), last_ignored = coalesce(?::jsonb, last_ignored)
     where workspace_id = ?`,
    [last, workspaceId],
  )
}

export async function noteFailure(em: Em, workspaceId: string, words: string): Promise<void> {
  await em.execute(
    `update rule_engines set failing_since = coalesce(failing_since, now()), last_error = ?, last_error_at = now()
     where workspace_id = ?`,
    [words, workspaceId],
  )
}
