import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'
import type { ChatScope, Group } from './groups.ts'

/** Somebody who works here, or a program that does. */
export interface Person {
  id: string
  /** For callers that know users by integers. */
  number: number
  username: string
  firstName: string
  lastName: string
  email: string
  role: 'admin' | 'user' | 'app'
  roleId: string | null
  /** Activated, and not deactivated. */
  isActive: boolean
  isDeactivated: boolean
  hasPassword: boolean
  hasTwoFactor: boolean
  createdAt: string
  lastSeenAt: string | null
  groups: Pick<Group, 'id' | 'number' | 'name' | 'system'>[]
  /** What holds: the user's own, else the widest of the groups that say something, else the role's. */
  permissions: ChatPermissions
  /** As set on the user alone. */
  ownPermissions: { [K in keyof ChatPermissions]: ChatPermissions[K] | null }
}
export interface ChatPermissions {
  canReadChats: ChatScope
  canWriteToChats: ChatScope
  canUseTags: boolean
}

interface PersonQuery {
  limit: number
  after?: number | undefined
  /** A piece of the name, user name or address. */
  search?: string | undefined
  groupId?: string | undefined
  isActive?: boolean | undefined
}

/** In the order of their numbers, one more than `limit` when there are more; the deactivated too unless `isActive`. */
export async function listPeople(
  em: Em,
  workspaceId: string,
  { limit, after, search, groupId, isActive }: PersonQuery,
): Promise<Person[]> {
  const where = ['u.number > ?']
  const params: (string | number | boolean)[] = [after ?? 0]
  if (search !== undefined) {
    where.push(
      `position(lower(?) in lower(concat_ws(' ', u.first_name, u.last_name, u.username, u.email))) > 0`,
    )
    params.push(search)
  }
  if (groupId !== undefined) {
    where.push('exists (select from group_members m where m.user_id = u.id and m.group_id = ?)')
    params.push(groupId)
  }
  if (isActive !== undefined) {
    where.push('(u.activated_at is not null and u.deactivated_at is null) = ?')
    params.push(isActive)
  }
  return readPeople(em, workspaceId, `${where.join(' and ')} order by u.number limit ?`, [
    ...params,
    limit + 1,
  ])
}

/** @param user an id, or a number */
export async function getPerson(em: Em, workspaceId: string, user: string | number): Promise<Person> {
  const column = typeof user === 'number' ? 'u.number' : 'u.id'
  const [found] = await readPeople(em, workspaceId, `${column} = ?`, [user])
  if (!found) throw new AppError('not_found', `there is no user ${user}`)
  return found
}

/** Those of the users that are still there, by id. */
export async function findPeople(
  em: Em,
  workspaceId: string,
  ids: readonly string[],
): Promise<Map<string, Person>> {
  if (ids.length === 0) return new Map()
  const where = 'u.id in (select jsonb_array_elements_text(?::jsonb)::uuid)'
  const people = await readPeople(em, workspaceId, where, [JSON.stringify([...new Set(ids)])])
  return new Map(people.map((person) => [person.id, person]))
}

type Permissions = Person['ownPermissions']
interface Row extends Omit<Person, 'groups' | 'permissions' | 'ownPermissions'>, Permissions {
  groups: (Person['groups'][number] & Permissions)[]
}

async function readPeople(
  em: Em,
  workspaceId: string,
  where: string,
  params: (string | number | boolean)[],
): Promise<Person[]> {
  const rows = await em.execute<Row[]>(
    `select u.id, u.number::int, u.username, u.first_name as "firstName", u.last_name as "lastName", u.email, u.role,
       u.role_id as "roleId", u.activated_at is not null and u.deactivated_at is null as "isActive",
       u.deactivated_at is not null as "isDeactivated", u.password_hash is not null as "hasPassword",
       u.totp_confirmed_at is not null as "hasTwoFactor", ${isoTime('u.created_at')} as "createdAt", ${isoTime('u.last_seen_at')} as "lastSeenAt",
       u.can_read_chats as "canReadChats", u.can_write_to_chats as "canWriteToChats", u.can_use_tags as "canUseTags",
       coalesce((
         select jsonb_agg(jsonb_build_object('id', g.id, 'number', g.number, 'name', g.name, 'system', g.system,
           'canReadChats', g.can_read_chats, 'canWriteToChats', g.can_write_to_chats, 'canUseTags', g.can_use_tags)
           order by g.number)
         from group_members m join groups g on g.id = m.group_id where m.user_id = u.id), '[]') as groups
     from users u where u.workspace_id = ? and ${where}`,
    [workspaceId, ...params],
  )
  return rows.map(toPerson)
}

function toPerson({ canReadChats, canWriteToChats, canUseTags, groups, ...row }: Row): Person {
  const own = { canReadChats, canWriteToChats, canUseTags }
  return {
    ...row,
    groups: groups.map(({ id, number, name, system }) => ({ id, number, name, system })),
    permissions: settlePermissions(row.role, own, groups),
    ownPermissions: own,
  }
}

/** Writing goes with being assigned: only admins answer everywhere unless something wider is set. */
const ofRole: Record<Person['role'], ChatPermissions> = {
  admin: { canReadChats: 'all', canWriteToChats: 'all', canUseTags: true },
  user: { canReadChats: 'all', canWriteToChats: 'user', canUseTags: true },
  app: { canReadChats: 'user', canWriteToChats: 'user', canUseTags: true },
}
const widestFirst: ChatScope[] = ['all', 'group', 'user', 'none']

/** The user's own, else the widest of the groups that say something, else the role's. */
export function settlePermissions(
  role: Person['role'],
  own: Permissions,
  groups: Permissions[],
): ChatPermissions {
  const widest = (key: 'canReadChats' | 'canWriteToChats') =>
    widestFirst.find((scope) => groups.some((group) => group[key] === scope))
  const tags = groups.map(({ canUseTags }) => canUseTags).filter((can) => can !== null)
  return {
    canReadChats: own.canReadChats ?? widest('canReadChats') ?? ofRole[role].canReadChats,
    canWriteToChats: own.canWriteToChats ?? widest('canWriteToChats') ?? ofRole[role].canWriteToChats,
    canUseTags: own.canUseTags ?? (tags.length > 0 ? tags.includes(true) : ofRole[role].canUseTags),
  }
}
