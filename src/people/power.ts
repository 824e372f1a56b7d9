import type { Em } from '../db/orm.ts'
import type { Actor } from '../kit/route.ts'
import { AppError } from '../model/errors.ts'
import { allLevels, areaNames, reaches, type Levels } from '../model/permissions.ts'
import { getPerson, type ChatPermissions, type Person } from './find-people.ts'
import { chatScopes, type ChatScope } from './groups.ts'

/** All that somebody may; nobody gives others more. */
export interface Power {
  isAdmin: boolean
  /** Null of keys. */
  userId: string | null
  levels: Levels
  chats: ChatPermissions
}
/** What is given to a user, a group or a role. */
export interface Grant {
  role?: Person['role'] | undefined
  levels?: Partial<Levels> | undefined
  permissions?: { [K in keyof ChatPermissions]?: ChatPermissions[K] | null | undefined } | undefined
}

const everything = { canReadChats: 'all', canWriteToChats: 'all', canUseTags: true } as const

/** Keys of the platform are made by admins and act as one. */
export async function readPower(em: Em, actor: Actor): Promise<Power> {
  if (actor.kind === 'key')
    return { isAdmin: true, userId: null, levels: allLevels('admin', null), chats: everything }
  return powerOf(em, await getPerson(em, actor.workspaceId, actor.id), actor.workspaceId)
}

async function powerOf(em: Em, person: Person, workspaceId: string): Promise<Power> {
  const isAdmin = person.role === 'admin'
  const custom = person.roleId ? await readLevels(em, workspaceId, person.roleId) : null
  return {
    isAdmin,
    userId: person.id,
    levels: allLevels(person.role, custom),
    // An admin may change what an admin may not: it is there to keep chats apart, not to keep admins out.
    chats: isAdmin ? everything : person.permissions,
  }
}

/** Nobody takes over the account of somebody who may more: not by a password, a link, or a role that is taken away. */
export async function demandRank(em: Em, power: Power, workspaceId: string, target: Person): Promise<void> {
  if (power.isAdmin) return
  const theirs = await powerOf(em, target, workspaceId)
  const isAbove =
    theirs.isAdmin ||
    areaNames.some((area) => !reaches(power.levels[area], theirs.levels[area])) ||
    findWider(power.chats, theirs.chats) !== undefined
  if (isAbove) throw new AppError('forbidden', `${target.username} may more than you: ask an admin`)
}

/** Field by field. */
export function demandGrant(power: Power, { role, levels = {}, permissions = {} }: Grant): void {
  if (power.isAdmin) return
  if (role === 'admin') refuse('role')
  for (const area of areaNames) {
    const level = levels[area]
    if (level !== undefined && !reaches(power.levels[area], level)) refuse(`levels.${area}`)
  }
  const wider = findWider(power.chats, permissions)
  if (wider) refuse(`permissions.${wider}`)
}

/** Whether they look after the others. */
export function managesPeople({ isAdmin, levels }: Power): boolean {
  return isAdmin || levels.people === 'manage'
}

/** Who may look after others, or a refusal. */
export async function demandManager(em: Em, actor: Actor): Promise<Power> {
  const power = await readPower(em, actor)
  if (!managesPeople(power)) throw new AppError('forbidden', 'only those who manage people may do that')
  return power
}

function findWider(
  mine: ChatPermissions,
  wanted: NonNullable<Grant['permissions']>,
): keyof ChatPermissions | undefined {
  if (isWider(wanted.canReadChats, mine.canReadChats)) return 'canReadChats'
  if (isWider(wanted.canWriteToChats, mine.canWriteToChats)) return 'canWriteToChats'
  return wanted.canUseTags && !mine.canUseTags ? 'canUseTags' : undefined
}

/** They stand from the widest to the narrowest. */
function isWider(wanted: ChatScope | null | undefined, mine: ChatScope): boolean {
  return typeof wanted === 'string' && chatScopes.indexOf(wanted) < chatScopes.indexOf(mine)
}

function refuse(field: string): never {
  const message = 'is more than you have yourself'
  throw new AppError('forbidden', `${field} ${message}`, { fields: [{ field, message }] })
}

/** What a role of the workspace allows. */
export async function readLevels(em: Em, workspaceId: string, roleId: string): Promise<Partial<Levels>> {
  const [found] = await em.execute<{ levels: Partial<Levels> }[]>(
    'select levels from roles where workspace_id = ? and id = ?',
    [workspaceId, roleId],
  )
  if (!found) throw new AppError('not_found', `there is no role ${roleId}`)
  return found.levels
}
