import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { announce } from '../live/announce.ts'

interface Stopped {
  id: string
  conversation_id: string
  contact_id: string
  state: 'held' | 'cancelled'
}

/**
 * The customer was first: what was scheduled is held for a person to look at, or is cancelled, as was said when it was
 * scheduled. One statement for all chats that were written in. @returns whether the workspace has set its inbox at all
 */
export async function holdForReply(
  em: Em,
  workspaceId: string,
  messages: { conversationId: string; factId: string }[],
): Promise<{ configured: boolean }> {
  const causes = new Map(messages.map(({ conversationId, factId }) => [conversationId, factId]))
  const [row] = await em.execute<{ configured: boolean; stopped: Stopped[] | null }[]>(
    `with stopped as (
       update scheduled_messages s set state = case on_reply when 'hold' then 'held' else 'cancelled' end,
         reason = 'the customer wrote first', settled_at = case on_reply when 'cancel' then now() end, updated_at = now()
       from conversations v where v.id = s.conversation_id and s.workspace_id = ? and s.state = 'scheduled'
         and s.on_reply <> 'send' and s.conversation_id in (select jsonb_array_elements_text(?::jsonb)::uuid)
       returning s.id, s.conversation_id, v.contact_id, s.state)
     select exists (select 1 from inbox_settings where workspace_id = ?) as configured,
       (select jsonb_agg(to_jsonb(stopped)) from stopped) as stopped`,
    [workspaceId, JSON.stringify([...causes.keys()]), workspaceId],
  )
  const stopped = row?.stopped ?? []
  await recordFacts(
    em,
    workspaceId,
    stopped.map(({ id, conversation_id: conversation, contact_id: contactId, state }) => ({
      ...{ id: newId(), atMs: Date.now(), kind: `scheduled.${state}`, contactId },
      ...{ causeId: causes.get(conversation), data: { scheduled: id, conversation, by: 'the customer' } },
    })),
  )
  const chats = [...new Set(stopped.map((each) => each.conversation_id))]
  await announce(
    em,
    workspaceId,
    chats.map((conversationId) => ({
      ...{ kind: 'conversation.changed', conversationId, data: { what: ['scheduled'] } },
    })),
  )
  return { configured: row?.configured ?? false }
}
