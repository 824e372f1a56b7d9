import { queueWorkflowId } from '../../workflows/contract.ts'
import { recordFacts } from '../analytics/facts.ts'
import { assignChat } from '../conversations/assign.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { announce } from '../live/announce.ts'
import { enqueue, type OutboxRow } from '../outbox/outbox.ts'
import type { Candidates } from './load-agents.ts'
import type { AgentQuery } from './pick-agent.ts'

/** Whom a chat waits for, and how one of them gets it: `pull` by taking the next one, otherwise when one is free. */
export interface QueuedFor {
  candidates: Candidates
  method: AgentQuery['method'] | 'pull'
  /** Null: by the clock, because nobody answered. */
  ruleId: string | null
}

/**
 * Puts a chat into the queue, in the caller's transaction: nobody's until somebody is free for it. It keeps its place when it
 * waits already. Since when is kept to the millisecond: lists page by it.
 */
export async function queueChat(
  em: Em,
  input: {
    workspaceId: string
    conversationId: string
    contactId: string
    waitsFor: QueuedFor
    /** In words. */
    why: string
    causeId?: string | undefined
  },
): Promise<OutboxRow[]> {
  const { workspaceId, conversationId, contactId, waitsFor, why, causeId } = input
  const { candidates, ruleId } = waitsFor
  const ofTeam = candidates !== 'everybody' && 'groupId' in candidates ? candidates.groupId : null
  // By the clock it stays the team's whose it is.
  const groupId = ruleId === null ? undefined : ofTeam
  const by = ruleId === null ? 'the clock' : `rule ${ruleId}`
  const target = { workspaceId, conversationId, userId: null, groupId, by }
  const { outbox } = await assignChat(em, { ...target, reason: { rule: ruleId, why }, causeId })
  await em.execute(
    `update conversations set queued_at = coalesce(queued_at, date_trunc('milliseconds', now())), queued_for = ?::jsonb where id = ? and workspace_id = ?`,
    [JSON.stringify(waitsFor), conversationId, workspaceId],
  )
  const data = { conversation: conversationId, why }
  await recordFacts(em, workspaceId, [
    { id: newId(), atMs: Date.now(), kind: 'chat.queued', contactId, causeId, data },
  ])
  await announce(em, workspaceId, [
    { kind: 'conversation.changed', conversationId, data: { what: ['queue'] } },
  ])
  return [...outbox, ...(await wakeQueue(em, workspaceId))]
}

/** Somebody may be free now: who waits is looked at, by the workspace's workflow. Nothing where nobody waits. */
export async function wakeQueue(em: Em, workspaceId: string): Promise<OutboxRow[]> {
  const waiting = await em.execute<object[]>(
    `select 1 from conversations where workspace_id = ? and queued_at is not null limit 1`,
    [workspaceId],
  )
  if (waiting.length === 0) return []
  const workflowId = queueWorkflowId(workspaceId)
  return enqueue(em, [{ name: 'queueWoken', workflowId, payload: { workspaceId } }])
}
