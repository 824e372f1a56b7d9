import { chatWorkflowId } from '../../workflows/contract.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import type { PlannedTimer } from '../model/chat-timers.ts'
import { enqueue, type OutboxRow } from '../outbox/outbox.ts'

/**
 * Makes the rows of a chat, which the caller has locked, what is planned: what is planned no more goes, what was done stays
 * done. @returns what is still to be done, the earliest first
 */
export async function keepTimers(
  em: Em,
  chat: { workspaceId: string; conversationId: string; episodeId: string | null },
  planned: PlannedTimer[],
): Promise<PlannedTimer[]> {
  const { workspaceId, conversationId, episodeId } = chat
  const rows = planned.map(({ kind, basis, dueMs }) => ({ id: newId(), kind, basis, due_ms: dueMs }))
  const done = await em.execute<{ kind: string; basis: string }[]>(
    `with planned as (
       select * from jsonb_to_recordset(?::jsonb) as n(id uuid, kind text, basis text, due_ms double precision)),
     gone as (
       delete from chat_timers t where t.conversation_id = ? and t.workspace_id = ? and t.fired_at is null
         and not exists (select 1 from planned p where p.kind = t.kind and p.basis = t.basis)),
     kept as (
       insert into chat_timers (id, workspace_id, conversation_id, episode_id, kind, basis, due_at)
       select id, ?, ?, ?, kind, basis, to_timestamp(due_ms / 1000.0) from planned
       on conflict (conversation_id, kind, basis) do update set due_at = excluded.due_at
         where chat_timers.fired_at is null and chat_timers.due_at <> excluded.due_at)
     select t.kind, t.basis from chat_timers t join planned p on p.kind = t.kind and p.basis = t.basis
     where t.conversation_id = ? and t.fired_at is not null`,
    [
      ...[JSON.stringify(rows), conversationId, workspaceId, workspaceId, conversationId, episodeId],
      conversationId,
    ],
  )
  return planned
    .filter(({ kind, basis }) => !done.some((each) => each.kind === kind && each.basis === basis))
    .sort((a, b) => a.dueMs - b.dueMs)
}

/** Marks a timer as done, in the transaction of what it does. False: it was done before. */
export async function fireOnce(
  em: Em,
  { workspaceId, conversationId }: { workspaceId: string; conversationId: string },
  { kind, basis }: PlannedTimer,
): Promise<boolean> {
  const fired = await em.execute<object[]>(
    `update chat_timers set fired_at = now() where conversation_id = ? and workspace_id = ? and kind = ? and basis = ?
       and fired_at is null returning id`,
    [conversationId, workspaceId, kind, basis],
  )
  return fired.length > 0
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
