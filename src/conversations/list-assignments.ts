import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import type { JsonObject } from '../model/json.ts'

type Named = { id: string; name: string } | null

export interface AssignmentEvent {
  id: string
  conversationId: string
  userSet: Named
  userCleared: boolean
  groupSet: Named
  groupCleared: boolean
  by: string
  byUser: Named
  reason: JsonObject | null
  at: string
}

const named = (row: string, name: string) =>
  `case when ${row}.id is not null then jsonb_build_object('id', ${row}.id, 'name', ${row}.${name}) end`

/** Newest first: of one conversation (those joined with it included), or of all. */
export async function listAssignments(
  em: Em,
  input: {
    workspaceId: string
    conversationId?: string | undefined
    before?: string | undefined
    limit: number
  },
): Promise<AssignmentEvent[]> {
  const { workspaceId, conversationId = null, before = null, limit } = input
  return em.execute<AssignmentEvent[]>(
    `select a.id, a.conversation_id as "conversationId", ${named('u', 'username')} as "userSet", a.user_cleared as "userCleared",
       ${named('g', 'name')} as "groupSet", a.group_cleared as "groupCleared", a.by, ${named('d', 'username')} as "byUser",
       a.reason, ${isoTime('a.at')} as at
     from assignment_events a left join users u on u.id = a.user_set left join groups g on g.id = a.group_set
     left join users d on d.id = a.by_user_id
     where a.workspace_id = ? and (?::uuid is null or a.conversation_id = ?) and (?::uuid is null or a.id < ?)
     order by a.id desc limit ?`,
    [workspaceId, conversationId, conversationId, before, before, limit],
  )
}
