import { rulingWorkflowId } from '../../workflows/contract.ts'
import type { Em } from '../db/orm.ts'
import { enqueue, type OutboxEntry, type OutboxRow } from '../outbox/outbox.ts'
import { lockChat } from '../takeover/active-takeover.ts'
import { giveChat } from './give-chat.ts'
import { findTagRules, type TagRule } from './tag-rules.ts'

/**
 * Chats or messages were tagged, or a tag was taken away, in the caller's transaction. An external rule engine is asked for
 * each, by a workflow; without one the default rules of the tags that were added give the chats away here.
 */
export async function ruleTagging(
  em: Em,
  { workspaceId, eventIds }: { workspaceId: string; eventIds: string[] },
): Promise<OutboxRow[]> {
  if (eventIds.length === 0) return []
  if (await hasEngine(em, workspaceId)) {
    return enqueue(
      em,
      eventIds.map((eventId) => toRuling(workspaceId, eventId, { kind: 'tagged', eventId })),
    )
  }
  return tagByDefault(em, workspaceId, eventIds)
}

/** Users of the inbox wrote messages, in the caller's transaction: only an external rule engine wants to know. */
export async function ruleWritten(
  em: Em,
  { workspaceId, messageIds }: { workspaceId: string; messageIds: string[] },
): Promise<OutboxRow[]> {
  if (messageIds.length === 0 || !(await hasEngine(em, workspaceId))) return []
  return enqueue(
    em,
    messageIds.map((messageId) => toRuling(workspaceId, messageId, { kind: 'written', messageId })),
  )
}

interface TaggedRow {
  conversation_id: string
  tag_id: string
  tag: string
  event_id: string
}

/** A tagged message tags its chat: both are one reason. Chats are locked in one order before anybody is chosen. */
export async function tagByDefault(em: Em, workspaceId: string, eventIds: string[]): Promise<OutboxRow[]> {
  const tagged = await em.execute<TaggedRow[]>(
    `select distinct on (coalesce(v.merged_into, v.id), e.tag_id) coalesce(v.merged_into, v.id) as conversation_id, e.tag_id,
       t.name as tag, e.id as event_id
     from tagging_events e join conversations v on v.id = e.conversation_id join tags t on t.id = e.tag_id
     where e.workspace_id = ? and e.id in (select jsonb_array_elements_text(?::jsonb)::uuid) and e.action = 'added' and not v.spam
     order by 1, 2, e.id`,
    [workspaceId, JSON.stringify(eventIds)],
  )
  if (tagged.length === 0) return []
  const rules = await findTagRules(em, workspaceId, [...new Set(tagged.map((each) => each.tag_id))])
  if (rules.length === 0) return []
  for (const { conversation_id } of tagged) await lockChat(em, workspaceId, conversation_id)
  const outbox: OutboxRow[] = []
  for (const each of tagged) {
    const rule = rules.find(({ tagId }) => tagId === each.tag_id)
    if (!rule) continue
    const why = `the chat was tagged "${each.tag}"`
    const { conversation_id: conversationId } = each
    outbox.push(...(await giveByRule(em, { workspaceId, conversationId, rule, why })))
  }
  return outbox
}

/** @param why in words */
export async function giveByRule(
  em: Em,
  input: {
    workspaceId: string
    conversationId: string
    rule: TagRule
    why: string
    causeId?: string | undefined
  },
): Promise<OutboxRow[]> {
  const { rule, why, ...chat } = input
  const { id, number, userId, groupId, method } = rule
  const reason = { tagRule: id, number, why }
  const gift = { ...chat, userId, groupId, method, by: `rule ${id}`, reason }
  return (await giveChat(em, gift)).outbox
}

async function hasEngine(em: Em, workspaceId: string): Promise<boolean> {
  const found = await em.execute<object[]>('select 1 from rule_engines where workspace_id = ? and enabled', [
    workspaceId,
  ])
  return found.length > 0
}

function toRuling(
  workspaceId: string,
  id: string,
  occasion: { kind: 'tagged'; eventId: string } | { kind: 'written'; messageId: string },
): OutboxEntry {
  return {
    name: 'ruling',
    workflowId: rulingWorkflowId(workspaceId, id),
    payload: { workspaceId, occasion },
  }
}
