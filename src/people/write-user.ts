import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'
import type { ChatPermissions, Person } from './find-people.ts'

interface UserFields {
  username: string
  firstName: string
  lastName: string
  email: string
  role: Person['role']
  /** Of the workspace's own; null is the built-in one's whole. */
  roleId: string | null
  /** Its own groups; those that follow roles stay as they are. */
  groupIds: string[]
  permissions: { [K in keyof ChatPermissions]?: ChatPermissions[K] | null | undefined }
}
export type UserChanges = { [K in keyof UserFields]?: UserFields[K] | undefined }

const columns = {
  username: 'username',
  firstName: 'first_name',
  lastName: 'last_name',
  email: 'email',
  role: 'role',
  roleId: 'role_id',
} as const
const permissionColumns = {
  canReadChats: 'can_read_chats',
  canWriteToChats: 'can_write_to_chats',
  canUseTags: 'can_use_tags',
} as const
const plain = Object.keys(columns) as (keyof typeof columns)[]
const permissionNames = Object.keys(permissionColumns) as (keyof typeof permissionColumns)[]

/** What is asked for and is not so yet. */
export function findDifferent(before: Person, wanted: UserChanges): UserChanges {
  const changes: UserChanges = {}
  for (const field of plain) {
    if (wanted[field] !== undefined && wanted[field] !== before[field])
      Object.assign(changes, { [field]: wanted[field] })
  }
  const permissions = Object.entries(wanted.permissions ?? {}).filter(
    ([name, value]) => value !== undefined && value !== before.ownPermissions[name as keyof ChatPermissions],
  )
  if (permissions.length > 0) changes.permissions = Object.fromEntries(permissions)
  const own = before.groups.filter(({ system }) => system === null).map(({ id }) => id)
  if (wanted.groupIds && !isSameSet(own, wanted.groupIds)) changes.groupIds = wanted.groupIds
  return changes
}

export async function writeFields(
  em: Em,
  workspaceId: string,
  userId: string,
  changes: UserChanges,
): Promise<void> {
  const set: [string, string | boolean | null][] = [
    ...plain.flatMap((field): [string, string | null][] =>
      changes[field] === undefined ? [] : [[columns[field], changes[field]]],
    ),
    ...permissionNames.flatMap((name): [string, string | boolean | null][] => {
      const value = changes.permissions?.[name]
      return value === undefined ? [] : [[permissionColumns[name], value]]
    }),
  ]
  if (set.length === 0) return
  await em.execute(
    `update users set ${set.map(([column]) => `${column} = ?`).join(', ')} where workspace_id = ? and id = ?`,
    [...set.map(([, value]) => value), workspaceId, userId],
  )
}

/** Makes the user a member of these groups of the workspace's own, and of no other one. */
export async function joinGroups(
  em: Em,
  workspaceId: string,
  userId: string,
  groupIds: string[],
): Promise<void> {
  const wanted = JSON.stringify(groupIds)
  const known = await em.execute<{ id: string }[]>(
    `select id from groups where workspace_id = ? and system is null
       and id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, wanted],
  )
  if (known.length < new Set(groupIds).size) {
    const message = 'names a group that is not there, or that follows a role'
    throw new AppError('not_found', `groupIds ${message}`, { fields: [{ field: 'groupIds', message }] })
  }
  await em.execute(
    `delete from group_members m using groups g where m.workspace_id = ? and m.user_id = ? and g.id = m.group_id
       and g.system is null and g.id not in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, userId, wanted],
  )
  await em.execute(
    `insert into group_members (group_id, user_id, workspace_id)
     select jsonb_array_elements_text(?::jsonb)::uuid, ?, ? on conflict do nothing`,
    [wanted, userId, workspaceId],
  )
}

function isSameSet(one: string[], other: string[]): boolean {
  const [first, second] = [new Set(one), new Set(other)]
  return first.size === second.size && [...first].every((each) => second.has(each))
}
