import type { Em } from '../db/orm.ts'
import type { BusinessHours } from '../model/business-hours.ts'
import { presenceSql } from './presence-sql.ts'

/** Whom to choose from. Everybody: people, no bots. */
export type Candidates = { groupId: string } | { userIds: string[] } | 'everybody'

/** Somebody who may be given chats. */
export interface Agent {
  id: string
  number: number
  name: string
  presence: 'online' | 'away' | 'offline'
  hours: BusinessHours | null
  /** Whoever may not answer customers is given none. */
  mayWrite: boolean
  /** Chats that they have now, the asked one apart. */
  open: number
  /** Null: as many as there are. */
  capacity: number | null
  /** When it was their turn last, as a number that grows; 0: never. */
  turn: number
}

/** Those of the candidates who work here now: activated, not deactivated. */
export async function loadAgents(
  em: Em,
  input: { workspaceId: string; conversationId?: string; candidates: Candidates; rotation?: string },
): Promise<Agent[]> {
  const { workspaceId, conversationId = null, candidates, rotation = '' } = input
  const [among, params] = amongSql(candidates)
  return em.execute<Agent[]>(
    `select u.id, u.number::int, coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.username) as name,
       ${presenceSql('u')} as presence, u.working_hours as hours, ${mayWriteSql} as "mayWrite", coalesce(t.turn, 0)::int as turn,
       coalesce(u.capacity, (s.settings ->> 'agentCapacity')::int) as capacity,
       (select count(*)::int from conversations v where v.assigned_user_id = u.id and v.status in ('open', 'pending')
          and v.id is distinct from ?::uuid) as open
     from users u left join inbox_settings s on s.workspace_id = u.workspace_id
     left join rotation_turns t on t.workspace_id = u.workspace_id and t.rotation = ? and t.user_id = u.id
     where u.workspace_id = ? and u.activated_at is not null and u.deactivated_at is null and ${among} order by u.number`,
    [conversationId, rotation, workspaceId, ...params],
  )
}

/** As `settlePermissions` and the levels of a role that bounds a user have it. */
const mayWriteSql = `coalesce(u.can_write_to_chats <> 'none', (select bool_or(g.can_write_to_chats <> 'none')
    from group_members m join groups g on g.id = m.group_id where m.user_id = u.id), true)
  and (u.role <> 'user' or not exists (select 1 from roles r where r.id = u.role_id
    and coalesce(r.levels ->> 'inbox', 'none') in ('none', 'read')))`

function amongSql(candidates: Candidates): [sql: string, params: string[]] {
  if (candidates === 'everybody') return [`u.role <> 'app'`, []]
  if ('groupId' in candidates) {
    return [
      'exists (select 1 from group_members m where m.user_id = u.id and m.group_id = ?)',
      [candidates.groupId],
    ]
  }
  return ['u.id in (select jsonb_array_elements_text(?::jsonb)::uuid)', [JSON.stringify(candidates.userIds)]]
}
