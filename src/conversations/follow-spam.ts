import type { Em } from '../db/orm.ts'
import { statusChanged } from '../lifecycle/on-deeds.ts'
import { announce } from '../live/announce.ts'
import type { OutboxRow } from '../outbox/outbox.ts'

/**
 * The chats of contacts that are spam now, or are no more: out of every list and queue with nobody waiting, or back where
 * they were: who had the last word waits for an answer. Their clocks are told.
 */
export async function followSpam(
  em: Em,
  { workspaceId, contactIds, spam }: { workspaceId: string; contactIds: string[]; spam: boolean },
): Promise<OutboxRow[]> {
  const chats = await em.execute<{ id: string }[]>(
    `update conversations set spam = ?, waiting_since = case when ? or status = 'closed' then null
         else coalesce(waiting_since, (select m.created_at from messages m where m.workspace_id = conversations.workspace_id
           and m.id = last_message_id and m.direction = 'in' and m.type <> 'reaction')) end,
       queued_at = case when ? then null else queued_at end
     where workspace_id = ? and contact_id in (select jsonb_array_elements_text(?::jsonb)::uuid) and merged_into is null
       and spam is distinct from ? returning id`,
    [spam, spam, spam, workspaceId, JSON.stringify(contactIds), spam],
  )
  await announce(
    em,
    workspaceId,
    chats.map(({ id: conversationId }) => ({
      ...{ kind: 'conversation.changed' as const, conversationId, data: { what: ['spam'] } },
    })),
  )
  const outbox: OutboxRow[] = []
  for (const { id: conversationId } of chats)
    outbox.push(...(await statusChanged(em, { workspaceId, conversationId })))
  return outbox
}
