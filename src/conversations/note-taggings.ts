import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import type { JsonObject } from '../model/json.ts'

export interface TaggingEvent {
  action: 'added' | 'removed'
  tagId: string
  extra?: JsonObject | undefined
}

/** Writes down that a chat or a message was tagged, or is no more. Returns the ids of the events, in their order. */
export async function noteTaggings(
  em: Em,
  where: {
    workspaceId: string
    conversationId: string
    messageId?: string | undefined
    by: string
    byUserId?: string | undefined
  },
  kind: 'chat' | 'message',
  events: TaggingEvent[],
): Promise<string[]> {
  const { workspaceId, conversationId, messageId = null, by, byUserId = null } = where
  const rows = events.map(({ action, tagId, extra = null }) => ({
    id: newId(),
    action,
    tag_id: tagId,
    extra,
  }))
  await em.execute(
    `insert into tagging_events (id, workspace_id, kind, action, tag_id, conversation_id, message_id, extra, by, by_user_id)
     select n.id, ?, ?, n.action, n.tag_id, ?, ?, n.extra, ?, ?
     from jsonb_to_recordset(?::jsonb) as n(id uuid, action text, tag_id uuid, extra jsonb)`,
    [workspaceId, kind, conversationId, messageId, by, byUserId, JSON.stringify(rows)],
  )
  return rows.map(({ id }) => id)
}
