import { chatWorkflowId } from '../../workflows/contract.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import type { JsonObject } from '../model/json.ts'
import { enqueue, type OutboxRow } from '../outbox/outbox.ts'

/** What a chat does by the clock. One of a kind is live in a conversation. */
export type TimerKind =
  | 'snooze'
  | 'first-response'
  | 'resolution'
  | 'unattended'
  | 'return'
  | 'nudge'
  | 'closure'
  | 'satisfaction'

/**
 * Sets a conversation's timer of a kind, in the caller's transaction; one that is set already is moved. The chat's workflow
 * does it when it is due, once. @returns what wakes the workflow after the commit
 */
export async function setTimer(
  em: Em,
  timer: {
    workspaceId: string
    conversationId: string
    episodeId?: string | undefined
    kind: TimerKind
    dueAtMs: number
    data?: JsonObject
  },
): Promise<OutboxRow[]> {
  const { workspaceId, conversationId, episodeId = null, kind, dueAtMs, data = {} } = timer
  await em.execute(
    `insert into chat_timers (id, workspace_id, conversation_id, episode_id, kind, due_at, data)
     values (?, ?, ?, ?, ?, to_timestamp(?::float8 / 1000.0), ?::jsonb)
     on conflict (conversation_id, kind) where fired_at is null and cancelled_at is null
     do update set episode_id = excluded.episode_id, due_at = excluded.due_at, data = excluded.data`,
    [newId(), workspaceId, conversationId, episodeId, kind, dueAtMs, JSON.stringify(data)],
  )
  return wakeChats(em, workspaceId, [conversationId])
}

/** What is cancelled is not done any more; a workflow that sleeps until then finds nothing to do. */
export async function cancelTimers(
  em: Em,
  { workspaceId, conversationId, kinds }: { workspaceId: string; conversationId: string; kinds: TimerKind[] },
): Promise<void> {
  await em.execute(
    `update chat_timers set cancelled_at = now() where workspace_id = ? and conversation_id = ?
       and kind in (select jsonb_array_elements_text(?::jsonb)) and fired_at is null and cancelled_at is null`,
    [workspaceId, conversationId, JSON.stringify(kinds)],
  )
}

/** Their workflows look at the rows after the commit, and are started where none runs. */
export async function wakeChats(
  em: Em,
  workspaceId: string,
  conversationIds: string[],
): Promise<OutboxRow[]> {
  return enqueue(
    em,
    [...new Set(conversationIds)].sort().map((conversationId) => ({
      name: 'chatWoken',
      workflowId: chatWorkflowId(workspaceId, conversationId),
      payload: { workspaceId, conversationId },
    })),
  )
}
