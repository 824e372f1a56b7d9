import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'

/** Whose chats: of everybody, of one's groups and oneself, of oneself, of nobody. */
export const chatScopes = ['all', 'group', 'user', 'none'] as const
export type ChatScope = (typeof chatScopes)[number]

/** A team. Null of the permissions says nothing: a member's other groups and role do. */
export interface Group {
  id: string
  /** For callers that know groups by integers. */
  number: number
  name: string
  /** The role that it follows, and whose users are its members; null of a workspace's own. */
  system: 'admin' | 'user' | 'app' | null
  canReadChats: ChatScope | null
  canWriteToChats: ChatScope | null
  canUseTags: boolean | null
  memberCount: number
  createdAt: string
}

const columns = `g.id, g.number::int, g.name, g.system, g.can_read_chats as "canReadChats",
  g.can_write_to_chats as "canWriteToChats", g.can_use_tags as "canUseTags", ${isoTime('g.created_at')} as "createdAt",
  (select count(*)::int from group_members m where m.group_id = g.id) as "memberCount"`

/** In the order of their numbers, one more than `limit` when there are more. */
export async function listGroups(
  em: Em,
  workspaceId: string,
  { limit, after }: { limit: number; after?: number | undefined },
): Promise<Group[]> {
  return em.execute<Group[]>(
    `select ${columns} from groups g where g.workspace_id = ? and g.number > ? order by g.number limit ?`,
    [workspaceId, after ?? 0, limit + 1],
  )
}

/** @param group its id, or its number */
export async function getGroup(em: Em, workspaceId: string, group: string | number): Promise<Group> {
  const [found] = await em.execute<Group[]>(
    `select ${columns} from groups g where g.workspace_id = ? and ${typeof group === 'number' ? 'g.number' : 'g.id'} = ?`,
    [workspaceId, group],
  )
  if (!found) throw new AppError('not_found', `there is no group ${group}`)
  return found
}
