import type { Em } from '../db/orm.ts'
import type { JsonObject } from '../model/json.ts'
import type { WireTag, WireTagged } from './wire-view.ts'

interface TagRow {
  of: string
  id: number
  name: string
  color: string | null
  taggingId: number
  extra: JsonObject | null
}

export function toWireTag({ id, name, color }: Pick<TagRow, 'id' | 'name' | 'color'>): WireTag {
  return { id, name, web_inbox_color: color }
}

/** What conversations are tagged with, by the conversation's id. */
export async function loadChatTags(
  em: Em,
  workspaceId: string,
  conversationIds: readonly string[],
): Promise<Map<string, WireTagged[]>> {
  return groupTags(
    conversationIds.length === 0
      ? []
      : await em.execute<TagRow[]>(
          `select l.conversation_id as of, t.number::int as id, t.name, t.color, l.number::int as "taggingId", l.extra
           from conversation_labels l join tags t on t.workspace_id = l.workspace_id and t.name = l.label
           where l.workspace_id = ? and l.conversation_id in (select jsonb_array_elements_text(?::jsonb)::uuid)
           order by l.number`,
          [workspaceId, JSON.stringify(conversationIds)],
        ),
  )
}

/** What messages are tagged with, by the message's id. */
export async function loadMessageTags(
  em: Em,
  workspaceId: string,
  messageIds: readonly string[],
): Promise<Map<string, WireTagged[]>> {
  return groupTags(
    messageIds.length === 0
      ? []
      : await em.execute<TagRow[]>(
          `select g.message_id as of, t.number::int as id, t.name, t.color, g.number::int as "taggingId", g.extra
           from message_taggings g join tags t on t.id = g.tag_id
           where g.workspace_id = ? and g.message_id in (select jsonb_array_elements_text(?::jsonb)::uuid)
           order by g.number`,
          [workspaceId, JSON.stringify(messageIds)],
        ),
  )
}

function groupTags(rows: TagRow[]): Map<string, WireTagged[]> {
  const grouped = Map.groupBy(rows, ({ of }) => of)
  return new Map(
    [...grouped].map(([of, tags]) => [
      of,
      tags.map((tag) => ({ ...toWireTag(tag), tagging_id: tag.taggingId, extra: tag.extra ?? {} })),
    ]),
  )
}
