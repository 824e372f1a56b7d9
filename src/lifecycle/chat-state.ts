import type { Em } from '../db/orm.ts'
import { inboxSettingsSchema, type InboxSettings } from '../model/inbox-settings.ts'
import type { ChatState } from '../model/chat-timers.ts'

export interface LoadedChat {
  state: ChatState
  settings: InboxSettings
  contactId: string
  numberId: string
  /** Who has it, for people. */
  holder: string | null
  /** When the earliest scheduled message is due, if one is. */
  scheduledMs: number | null
  /** Rows of timers that have not fired, due or not. */
  hasTimers: boolean
}

interface ChatRow {
  now_ms: number
  status: ChatState['status']
  spam: boolean
  snoozed_ms: number | null
  user_id: string | null
  group_id: string | null
  assigned_ms: number | null
  waiting_ms: number | null
  window_ms: number | null
  active_ms: number
  is_asked: boolean
  episode: ChatState['episode']
  handed: ChatState['handed']
  closed: ChatState['closed']
  settings: object | null
  contact_id: string
  number_id: string
  holder: string | null
  scheduled_ms: number | null
  has_timers: boolean
}

const ms = (time: string) => `extract(epoch from ${time})::float8 * 1000`

/** Given by a person to somebody else, who has written nothing since. */
const handed = `(select jsonb_build_object('eventId', a.id, 'atMs', ${ms('a.at')}) from assignment_events a
  where a.conversation_id = v.id and a.user_set = v.assigned_user_id and a.by_user_id <> a.user_set and a.at >= v.assigned_at
    and not exists (select 1 from messages m where m.conversation_id = v.id and m.by_user_id = a.user_set and m.created_at >= a.at)
  order by a.id desc limit 1)`

/** The last episode, when it has just ended and nobody was asked about it. */
const closed = `(select jsonb_build_object('id', c.id, 'closedMs', ${ms('c.closed_at')},
    'byPeople', exists (select 1 from messages m join users u on u.id = m.by_user_id and u.role <> 'app'
      where m.conversation_id = v.id and m.created_at between c.opened_at and c.closed_at),
    'askedMs', (select ${ms('max(s.asked_at)')} from satisfaction_answers s where s.contact_id = v.contact_id))
  from (select * from conversation_episodes l where l.conversation_id = v.id and l.closed_at > now() - interval '1 day'
    order by l.closed_at desc limit 1) c
  where i.settings -> 'satisfaction' <> 'null' and not exists (select 1 from satisfaction_answers s where s.episode_id = c.id))`

/** A conversation as its clock sees it, with the workspace's settings, in one statement. Undefined: it is another's now. */
export async function loadChat(
  em: Em,
  workspaceId: string,
  conversationId: string,
): Promise<LoadedChat | undefined> {
  const [row] = await em.execute<ChatRow[]>(
    `select ${ms('clock_timestamp()')} as now_ms, v.status, v.spam, ${ms('v.snoozed_until')} as snoozed_ms,
       v.assigned_user_id as user_id, v.assigned_group_id as group_id, ${ms('v.assigned_at')} as assigned_ms,
       ${ms('v.waiting_since')} as waiting_ms, ${ms('v.window_ends_at')} as window_ms,
       ${ms('greatest(v.last_message_at, v.active_at, e.opened_at, v.created_at)')} as active_ms,
       v.floor_workflow_id is not null as is_asked, v.contact_id, v.number_id, i.settings,
       case when e.id is not null then jsonb_build_object('id', e.id, 'openedMs', ${ms('e.opened_at')},
         'firstResponseMs', ${ms('e.first_response_at')}) end as episode,
       case when e.id is not null and v.assigned_user_id is not null and i.settings -> 'returning' <> 'null'
         then ${handed} end as handed,
       case when e.id is null then ${closed} end as closed,
       coalesce((select u.username from users u where u.id = v.assigned_user_id),
         (select 'team ' || g.name from groups g where g.id = v.assigned_group_id)) as holder,
       (select ${ms('min(m.due_at)')} from scheduled_messages m where m.conversation_id = v.id and m.state = 'scheduled')
         as scheduled_ms,
       exists (select 1 from chat_timers t where t.conversation_id = v.id and t.fired_at is null) as has_timers
     from conversations v left join conversation_episodes e on e.conversation_id = v.id and e.closed_at is null
     left join inbox_settings i on i.workspace_id = v.workspace_id
     where v.id = ? and v.workspace_id = ? and v.merged_into is null`,
    [conversationId, workspaceId],
  )
  return row && { ...toLoaded(row), settings: inboxSettingsSchema.parse(row.settings ?? {}) }
}

function toLoaded(row: ChatRow): Omit<LoadedChat, 'settings'> {
  const state: ChatState = {
    ...{ nowMs: row.now_ms, status: row.status, spam: row.spam, snoozedUntilMs: row.snoozed_ms },
    ...{ assignedUserId: row.user_id, assignedGroupId: row.group_id, assignedAtMs: row.assigned_ms },
    ...{ waitingSinceMs: row.waiting_ms, windowEndsMs: row.window_ms, activeAtMs: row.active_ms },
    ...{ isAsked: row.is_asked, episode: row.episode, handed: row.handed, closed: row.closed },
  }
  const { contact_id: contactId, number_id: numberId, holder, scheduled_ms, has_timers } = row
  return { state, contactId, numberId, holder, scheduledMs: scheduled_ms, hasTimers: has_timers }
}
