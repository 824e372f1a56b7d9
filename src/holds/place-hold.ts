import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { enqueue } from '../outbox/outbox.ts'
import type { Order } from '../../workflows/cards/journey-state.ts'

/** What keeps runs from going on: one row, however many stand at it. */
export interface HoldInput {
  workspaceId: string
  scope: 'workspace' | 'number' | 'journey' | 'contact' | 'run'
  scopeId: string
  /** Of a contact: only on this number. */
  numberId?: string | undefined
  kind: 'pause' | 'stop' | 'agent'
  timers: 'freeze' | 'run'
  entrants: 'enter' | 'queue' | 'drop'
  reason: string
  by: string
  causeId?: string | undefined
}

/** Placing what is there already gives the one that is there. */
export async function placeHold(em: Em, input: HoldInput): Promise<{ holdId: string; isNew: boolean }> {
  const { workspaceId, scope, scopeId, numberId, kind, timers, entrants, reason, by } = input
  const key = [workspaceId, scope, scopeId, numberId ?? null, kind]
  const [placed] = await em.execute<{ id: string }[]>(
    `insert into holds (id, workspace_id, scope, scope_id, number_id, kind, timers, entrants, reason, placed_by)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing returning id`,
    [newId(), ...key, timers, entrants, reason, by],
  )
  if (placed) {
    await note(em, { ...input, holdId: placed.id, kind: 'hold.placed' })
    return { holdId: placed.id, isNew: true }
  }
  const [there] = await em.execute<{ id: string }[]>(
    `select id from holds where workspace_id = ? and scope = ? and scope_id = ? and number_id is not distinct from ?::uuid
       and kind = ? and released_at is null`,
    key,
  )
  // Released between the two statements: it is free to be placed.
  return there ? { holdId: there.id, isNew: false } : placeHold(em, input)
}

/**
 * Lifts a hold. Who stands at it is told by `releaseRuns`, at whatever pace: this only sees to it that nobody comes to
 * stand there any more. Undefined when there is no such hold (any more).
 */
export async function liftHold(
  em: Em,
  { workspaceId, holdId, by }: { workspaceId: string; holdId: string; by: string },
): Promise<{ scope: HoldInput['scope']; scopeId: string; placedAtMs: number } | undefined> {
  // Whoever comes to stand at it holds the row for share: after this update everyone who stands is in the table.
  const [hold] = await em.execute<
    {
      scope: HoldInput['scope']
      scope_id: string
      kind: HoldInput['kind']
      reason: string
      placed_ms: number
    }[]
  >(
    `update holds set released_at = now(), released_by = ? where id = ? and workspace_id = ? and released_at is null
     returning scope, scope_id, kind, reason, extract(epoch from placed_at)::float8 * 1000 as placed_ms`,
    [by, holdId, workspaceId],
  )
  if (!hold) return undefined
  const { scope, scope_id: scopeId, reason } = hold
  await note(em, { workspaceId, scope, scopeId, reason, by, holdId, kind: 'hold.lifted' })
  return { scope, scopeId, placedAtMs: hold.placed_ms }
}

/** Lets runs go on that stand at a hold, or sends them elsewhere. Those that stand elsewhere by now ignore it. */
export async function releaseRuns(
  em: Em,
  input: { workspaceId: string; holdId: string; runIds: string[]; order?: Order | undefined },
): Promise<OutboxRow[]> {
  const { workspaceId, holdId, runIds, order } = input
  const runs = await em.execute<{ workflow_id: string }[]>(
    `select workflow_id from runs where workspace_id = ? and ended_at is null
       and id in (select jsonb_array_elements_text(?::jsonb)::uuid) order by id`,
    [workspaceId, JSON.stringify(runIds)],
  )
  const payload = { holdId, ...(order && { order }) }
  return enqueue(
    em,
    runs.map(({ workflow_id: workflowId }) => ({ name: 'released' as const, workflowId, payload })),
  )
}

interface Note {
  workspaceId: string
  scope: HoldInput['scope']
  scopeId: string
  reason: string
  by: string
  holdId: string
  kind: 'hold.placed' | 'hold.lifted'
  causeId?: string | undefined
}

async function note(em: Em, { workspaceId, scope, scopeId, holdId, by, reason, kind, causeId }: Note) {
  const data = { hold: holdId, scope, of: scopeId, by, reason }
  await recordFacts(em, workspaceId, [
    {
      id: newId(),
      atMs: Date.now(),
      kind,
      ...(scope === 'contact' && { contactId: scopeId }),
      ...(scope === 'run' && { runId: scopeId }),
      causeId,
      data,
    },
  ])
}
