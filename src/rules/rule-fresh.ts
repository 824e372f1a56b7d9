import type { Em } from '../db/orm.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { lockChat } from '../takeover/active-takeover.ts'
import { giveByRule } from './route-chat.ts'
import { findTagRules } from './tag-rules.ts'

/** What a workspace has to say about messages that nobody awaits: one question a turn, and for most nothing follows. */
export async function findRulesFor(
  em: Em,
  workspaceId: string,
): Promise<{ engine: boolean; fresh: boolean; assignment: boolean }> {
  const [has] = await em.execute<{ engine: boolean; fresh: boolean; assignment: boolean }[]>(
    `select exists (select 1 from rule_engines where workspace_id = ? and enabled) as engine,
       exists (select 1 from tag_rules where workspace_id = ? and tag_id is null) as fresh,
       exists (select 1 from assignment_rules where workspace_id = ? and enabled) as assignment`,
    [workspaceId, workspaceId, workspaceId],
  )
  return has ?? { engine: false, fresh: false, assignment: false }
}

export interface FreshChat {
  workspaceId: string
  conversationId: string
  causeId: string
}

/** A customer wrote, and nobody was given the chat since it came alive: the first default rule without a tag gives it away. */
export async function ruleFresh(em: Em, chat: FreshChat): Promise<OutboxRow[]> {
  const { workspaceId } = chat
  const { conversationId } = await lockChat(em, workspaceId, chat.conversationId)
  if (!(await isFresh(em, workspaceId, conversationId))) return []
  const [rule] = await findTagRules(em, workspaceId, [null])
  const why = 'a customer wrote, and nobody had the chat'
  return rule ? giveByRule(em, { ...chat, conversationId, rule, why }) : []
}

/** Alive, no spam, in nobody's hands and not waiting for any; who had it before it was closed does not count. */
export async function isFresh(em: Em, workspaceId: string, conversationId: string): Promise<boolean> {
  const found = await em.execute<object[]>(
    `select 1 from conversations v where v.id = ? and v.workspace_id = ? and v.status <> 'closed' and not v.spam and v.queued_at is null
       and ((v.assigned_user_id is null and v.assigned_group_id is null) or v.assigned_at < (
         select e.opened_at from conversation_episodes e where e.conversation_id = v.id and e.closed_at is null))`,
    [conversationId, workspaceId],
  )
  return found.length > 0
}
