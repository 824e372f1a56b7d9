import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'

interface Change {
  workspaceId: string
  by: string
}

/** Counts from the next message on. What is known of failures is of the engine before, and forgotten. */
export async function saveEngine(
  deps: Pick<Deps, 'orm' | 'seal'>,
  input: Change & {
    url: string
    /** Undefined: as they are. */
    headers: Record<string, string> | undefined
    timeoutMs: number
    enabled: boolean
  },
): Promise<void> {
  const { workspaceId, by, url, headers, timeoutMs, enabled } = input
  const sealed = headers === undefined ? null : deps.seal.seal(JSON.stringify(headers))
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await em.execute(
      `insert into rule_engines (workspace_id, url, sealed_headers, timeout_ms, enabled, by) values (?, ?, ?, ?, ?, ?)
       on conflict (workspace_id) do update set url = excluded.url, timeout_ms = excluded.timeout_ms,
         sealed_headers = coalesce(excluded.sealed_headers, rule_engines.sealed_headers), enabled = excluded.enabled,
         by = excluded.by, updated_at = now(), failing_since = null, last_error = null, last_error_at = null,
         last_asked_at = null, last_answer_at = null, last_ignored = null`,
      [workspaceId, url, sealed, timeoutMs, enabled, by],
    )
    const data = { url: new URL(url).origin, enabled, headers: headers !== undefined, by }
    await recordFacts(em, workspaceId, [{ id: newId(), atMs: Date.now(), kind: 'engine.saved', data }])
  })
}

/** The default rules decide from now on. */
export async function dropEngine(deps: Pick<Deps, 'orm'>, { workspaceId, by }: Change): Promise<boolean> {
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const dropped = await em.execute<object[]>(
      'delete from rule_engines where workspace_id = ? returning workspace_id',
      [workspaceId],
    )
    if (dropped.length === 0) return false
    const fact = { id: newId(), atMs: Date.now(), kind: 'engine.dropped', data: { by } }
    await recordFacts(em, workspaceId, [fact])
    return true
  })
}
