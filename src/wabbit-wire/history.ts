import type { Em } from '../db/orm.ts'
import type { JsonObject } from '../model/json.ts'
import { loadPersons } from './persons.ts'
import { toWireTag } from './tags.ts'
import { loadWireUsers, type WireGroup, type WireUser } from './users.ts'
import type { WireTag, WireView } from './wire-view.ts'

export interface WireAssignmentEvent {
  timestamp: number
  wa_id: string
  assigned_to_user_set: WireUser | null
  assigned_to_user_was_cleared: boolean
  assigned_group_set: WireGroup | null
  assigned_group_was_cleared: boolean
  done_by: WireUser | null
}
export interface WireTaggingEvent {
  timestamp: number
  action: 'added' | 'removed'
  tag: WireTag
  extra: JsonObject | null
  done_by: WireUser | null
}
export type WireChatTaggingEvent = WireTaggingEvent & { chat: string }
export type WireMessageTaggingEvent = WireTaggingEvent & { message: string }

interface AssignmentRow {
  conversationId: string
  timestamp: number
  userSet: string | null
  userCleared: boolean
  group: WireGroup | null
  groupCleared: boolean
  byUserId: string | null
}

/** Who was given chats, in the order of the events' ids. */
export async function loadAssignmentEvents(
  em: Em,
  view: Omit<WireView, 'userId'>,
  ids: readonly string[],
): Promise<WireAssignmentEvent[]> {
  if (ids.length === 0) return []
  const rows = await em.execute<AssignmentRow[]>(
    `select e.conversation_id as "conversationId", floor(extract(epoch from e.at))::float8 as timestamp,
       e.user_set as "userSet", e.user_cleared as "userCleared", e.group_cleared as "groupCleared", e.by_user_id as "byUserId",
       (select jsonb_build_object('id', g.number, 'name', g.name) from groups g where g.id = e.group_set) as "group"
     from jsonb_array_elements_text(?::jsonb) with ordinality as n(id, at) join assignment_events e on e.id = n.id::uuid
     where e.workspace_id = ? order by n.at`,
    [JSON.stringify(ids), view.workspaceId],
  )
  const users = await loadWireUsers(
    em,
    view,
    rows.flatMap(({ userSet, byUserId }) => [userSet, byUserId]),
  )
  const persons = await loadPersons(
    em,
    view.workspaceId,
    rows.map(({ conversationId }) => conversationId),
  )
  const find = (id: string | null) => (id === null ? null : (users.get(id) ?? null))
  return rows.map((row) => ({
    timestamp: row.timestamp,
    wa_id: persons.get(row.conversationId)?.wa_id ?? '',
    assigned_to_user_set: find(row.userSet),
    assigned_to_user_was_cleared: row.userCleared,
    assigned_group_set: row.group,
    assigned_group_was_cleared: row.groupCleared,
    done_by: find(row.byUserId),
  }))
}

interface TaggingRow {
  kind: 'chat' | 'message'
  conversationId: string
  messageId: string | null
  timestamp: number
  action: 'added' | 'removed'
  tagId: number
  tagName: string
  color: string | null
  extra: JsonObject | null
  byUserId: string | null
}

/** What was tagged with what, in the order of the events' ids: of chats and of messages, each in its own shape. */
export async function loadTaggingEvents(
  em: Em,
  view: Omit<WireView, 'userId'>,
  ids: readonly string[],
): Promise<(WireChatTaggingEvent | WireMessageTaggingEvent)[]> {
  if (ids.length === 0) return []
  const rows = await em.execute<TaggingRow[]>(
    `select e.kind, e.conversation_id as "conversationId", coalesce(m.wamid, e.message_id::text) as "messageId",
       floor(extract(epoch from e.at))::float8 as timestamp, e.action, t.number::int as "tagId", t.name as "tagName", t.color,
       e.extra, e.by_user_id as "byUserId"
     from jsonb_array_elements_text(?::jsonb) with ordinality as n(id, at) join tagging_events e on e.id = n.id::uuid
     join tags t on t.id = e.tag_id left join messages m on m.id = e.message_id
     where e.workspace_id = ? order by n.at`,
    [JSON.stringify(ids), view.workspaceId],
  )
  const users = await loadWireUsers(
    em,
    view,
    rows.map(({ byUserId }) => byUserId),
  )
  const persons = await loadPersons(
    em,
    view.workspaceId,
    rows.map(({ conversationId }) => conversationId),
  )
  return rows.map((row) => ({
    timestamp: row.timestamp,
    action: row.action,
    tag: toWireTag({ id: row.tagId, name: row.tagName, color: row.color }),
    ...(row.kind === 'chat'
      ? { chat: persons.get(row.conversationId)?.wa_id ?? '' }
      : { message: row.messageId ?? '' }),
    extra: row.extra,
    done_by: row.byUserId === null ? null : (users.get(row.byUserId) ?? null),
  }))
}
