import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { Actor } from '../kit/route.ts'
import { announce } from '../live/announce.ts'
import { AppError } from '../model/errors.ts'
import { allLevels } from '../model/permissions.ts'
import { endAccess } from './end-access.ts'
import { getPerson, type Person } from './find-people.ts'
import { getGroup } from './groups.ts'
import { drawInvitation, type Invitation } from './invitations.ts'
import { checkPassword } from './password-policy.ts'
import { hashPassword } from './passwords.ts'
import {
  demandGrant,
  demandManager,
  demandRank,
  managesPeople,
  readLevels,
  readPower,
  type Power,
} from './power.ts'
import { refuseField, refuseTaken } from './refuse-field.ts'
import { demandFreeName } from './users.ts'
import { findDifferent, joinGroups, writeFields, type UserChanges } from './write-user.ts'

/** Somebody new: with a password at once, without one by an invitation, which is shown this once. */
export async function addUser(
  deps: Pick<Deps, 'orm' | 'config'>,
  {
    actor,
    password,
    username,
    ...fields
  }: UserChanges & { actor: Actor; username: string; password?: string | undefined },
): Promise<{ user: Person; invitation: Invitation | null }> {
  const { workspaceId } = actor
  if (password !== undefined) checkPassword(password, username)
  const passwordHash = password === undefined ? null : await hashPassword(password)
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const power = await demandManager(em, actor)
    const { role = 'user', groupIds = [] } = fields
    await demandGrants(em, power, workspaceId, fields)
    await demandFreeName(em, username)
    const id = newId()
    const invitation = password === undefined ? drawInvitation(deps.config) : null
    await refuseTaken('username', () =>
      em.execute(
        `insert into users (id, workspace_id, username, role, password_hash, activated_at, activation_hash, activation_ends_at)
         values (?, ?, ?, ?, ?, case when ?::boolean then now() end, ?, ?)`,
        [
          ...[id, workspaceId, username, role, passwordHash, invitation === null],
          ...[invitation?.hash ?? null, invitation?.shown.endsAt ?? null],
        ],
      ),
    )
    await writeFields(em, workspaceId, id, fields)
    await joinGroups(em, workspaceId, id, groupIds)
    await announce(em, workspaceId, [{ kind: 'user.changed', conversationId: null, data: { userId: id } }])
    const user = await getPerson(em, workspaceId, id)
    demandGrant(power, { permissions: user.permissions })
    return { user, invitation: invitation?.shown ?? null }
  })
}

const profileFields = ['username', 'firstName', 'lastName', 'email'] as const

/**
 * Changes what is different. One's own profile is everybody's to change; the rest is for those who look after people, and
 * never beyond what they have. A role that changes ends the user's sessions.
 */
export async function changeUser(
  { orm }: Pick<Deps, 'orm'>,
  { actor, userId, ...wanted }: UserChanges & { actor: Actor; userId: string },
): Promise<Person> {
  const { workspaceId } = actor
  return forkFor(orm, workspaceId).transactional(async (em) => {
    await lockAdmins(em, workspaceId)
    const before = await getPerson(em, workspaceId, userId)
    const changes = findDifferent(before, wanted)
    const power = await readPower(em, actor)
    await demandMayChange(em, power, workspaceId, before, changes)
    // A role of the workspace bounds those who are no admins.
    if (changes.role === 'admin') changes.roleId ??= null
    const isOther = changes.role !== undefined || changes.roleId !== undefined
    const will = isOther ? { role: before.role, roleId: before.roleId } : { role: 'app' as const }
    await demandGrants(em, power, workspaceId, { ...will, ...changes })
    if (changes.role && before.role === 'admin') await demandOtherAdmin(em, workspaceId, userId)
    if (changes.username !== undefined) await demandFreeName(em, changes.username, userId)
    await refuseTaken('username', () => writeFields(em, workspaceId, userId, changes))
    if (changes.groupIds) await joinGroups(em, workspaceId, userId, changes.groupIds)
    if (isOther) await endAccess(em, { workspaceId, userId })
    else if (Object.keys(changes).length > 0)
      await announce(em, workspaceId, [{ kind: 'user.changed', conversationId: null, data: { userId } }])
    const after = await getPerson(em, workspaceId, userId)
    // What follows from groups and role counts too, but nobody is refused a new name for what they had before.
    if (isOther || changes.permissions || changes.groupIds)
      demandGrant(power, { permissions: after.permissions })
    return after
  })
}

/** Nobody deactivates oneself, and the last admin stays. */
export async function deactivateUser(
  { orm }: Pick<Deps, 'orm'>,
  { actor, userId }: { actor: Actor; userId: string },
): Promise<Person> {
  const { workspaceId } = actor
  return forkFor(orm, workspaceId).transactional(async (em) => {
    const power = await demandManager(em, actor)
    await lockAdmins(em, workspaceId)
    const person = await getPerson(em, workspaceId, userId)
    if (power.userId === userId)
      throw new AppError('conflict', 'you would lock yourself out: ask another admin')
    await demandRank(em, power, workspaceId, person)
    if (person.role === 'admin') await demandOtherAdmin(em, workspaceId, userId)
    await em.execute(
      'update users set deactivated_at = coalesce(deactivated_at, now()) where workspace_id = ? and id = ?',
      [workspaceId, userId],
    )
    await endAccess(em, { workspaceId, userId })
    return getPerson(em, workspaceId, userId)
  })
}

/** As before, with the same password and the same token. */
export async function reactivateUser(
  { orm }: Pick<Deps, 'orm'>,
  { actor, userId }: { actor: Actor; userId: string },
): Promise<Person> {
  const { workspaceId } = actor
  return forkFor(orm, workspaceId).transactional(async (em) => {
    const power = await demandManager(em, actor)
    await demandRank(em, power, workspaceId, await getPerson(em, workspaceId, userId))
    await em.execute('update users set deactivated_at = null where workspace_id = ? and id = ?', [
      workspaceId,
      userId,
    ])
    await announce(em, workspaceId, [{ kind: 'user.changed', conversationId: null, data: { userId } }])
    return getPerson(em, workspaceId, userId)
  })
}

async function demandMayChange(
  em: Em,
  power: Power,
  workspaceId: string,
  person: Person,
  changes: UserChanges,
): Promise<void> {
  const isSelf = power.userId === person.id
  const beyond = Object.keys(changes).find((field) => !profileFields.some((own) => own === field))
  if (isSelf && (changes.role !== undefined || changes.roleId !== undefined))
    throw new AppError(
      managesPeople(power) ? 'conflict' : 'forbidden',
      'nobody changes the own role: ask another admin',
    )
  if (isSelf && !beyond) return
  if (!managesPeople(power))
    throw new AppError('forbidden', `only those who manage people may change ${beyond ?? 'others'}`)
  if (!isSelf) await demandRank(em, power, workspaceId, person)
}

/** @param given with what the user will be, whether it changes or not */
async function demandGrants(
  em: Em,
  power: Power,
  workspaceId: string,
  { role = 'user', roleId = null, permissions, groupIds = [] }: UserChanges,
): Promise<void> {
  if (roleId && role === 'admin') refuseField('roleId', 'bounds users and programs, not admins')
  const custom = roleId ? await readLevels(em, workspaceId, roleId) : null
  demandGrant(power, { role, permissions, levels: allLevels(role, custom) })
  for (const id of groupIds) demandGrant(power, { permissions: await getGroup(em, workspaceId, id) })
}

async function lockAdmins(em: Em, workspaceId: string): Promise<void> {
  await em.execute(`select id from users where workspace_id = ? and role = 'admin' order by id for update`, [
    workspaceId,
  ])
}

async function demandOtherAdmin(em: Em, workspaceId: string, userId: string): Promise<void> {
  const [other] = await em.execute(
    `select 1 from users where workspace_id = ? and role = 'admin' and id <> ? and activated_at is not null
       and deactivated_at is null limit 1`,
    [workspaceId, userId],
  )
  if (!other) throw new AppError('conflict', 'this is the last admin: make another one first')
}
