import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { Actor } from '../kit/route.ts'
import { announce } from '../live/announce.ts'
import { AppError } from '../model/errors.ts'
import { getPerson, type ChatPermissions } from './find-people.ts'
import { getGroup, type Group } from './groups.ts'
import { demandGrant, demandManager, demandRank } from './power.ts'
import { refuseField, refuseTaken } from './refuse-field.ts'

type Fields = { name?: string | undefined } & {
  [K in keyof ChatPermissions]?: ChatPermissions[K] | null | undefined
}

export async function addGroup(
  { orm }: Pick<Deps, 'orm'>,
  { actor, name, ...permissions }: Fields & { actor: Actor; name: string },
): Promise<Group> {
  const { workspaceId } = actor
  return forkFor(orm, workspaceId).transactional(async (em) => {
    demandGrant(await demandManager(em, actor), { permissions })
    const id = newId()
    const { canReadChats = null, canWriteToChats = null, canUseTags = null } = permissions
    await refuseTaken('name', () =>
      em.execute(
        `insert into groups (id, workspace_id, name, can_read_chats, can_write_to_chats, can_use_tags)
         values (?, ?, ?, ?, ?, ?)`,
        [id, workspaceId, name, canReadChats, canWriteToChats, canUseTags],
      ),
    )
    return getGroup(em, workspaceId, id)
  })
}

/** Those that follow a role keep their names; what their members may in chats is the workspace's to say. */
export async function changeGroup(
  { orm }: Pick<Deps, 'orm'>,
  { actor, groupId, ...changes }: Fields & { actor: Actor; groupId: string },
): Promise<Group> {
  const { workspaceId } = actor
  return forkFor(orm, workspaceId).transactional(async (em) => {
    const power = await demandManager(em, actor)
    const before = await getGroup(em, workspaceId, groupId)
    demandGrant(power, { permissions: before })
    demandGrant(power, { permissions: atWidest(changes) })
    if (before.system && changes.name !== undefined && changes.name !== before.name)
      refuseField('name', 'of a group that follows a role stays', 'conflict')
    const { name, canReadChats, canWriteToChats, canUseTags } = { ...before, ...given(changes) }
    await refuseTaken('name', () =>
      em.execute(
        `update groups set name = ?, can_read_chats = ?, can_write_to_chats = ?, can_use_tags = ?
         where workspace_id = ? and id = ?`,
        [name, canReadChats, canWriteToChats, canUseTags, workspaceId, groupId],
      ),
    )
    await announceMembers(em, workspaceId, groupId)
    return getGroup(em, workspaceId, groupId)
  })
}

/** Chats that it had, or that waited for it, are nobody's again; tags' rules that name it go with it. */
export async function deleteGroup(
  { orm }: Pick<Deps, 'orm'>,
  { actor, groupId }: { actor: Actor; groupId: string },
): Promise<void> {
  const { workspaceId } = actor
  await forkFor(orm, workspaceId).transactional(async (em) => {
    const power = await demandManager(em, actor)
    const group = await getGroup(em, workspaceId, groupId)
    if (group.system) throw new AppError('conflict', `${group.name} follows a role: it stays`)
    demandGrant(power, { permissions: atWidest(group) })
    await demandUnruled(em, workspaceId, groupId)
    await announceMembers(em, workspaceId, groupId)
    await em.execute(
      `update conversations set queued_at = null, queued_for = null
       where workspace_id = ? and queued_at is not null and queued_for -> 'candidates' ->> 'groupId' = ?`,
      [workspaceId, groupId],
    )
    await em.execute('delete from groups where workspace_id = ? and id = ?', [workspaceId, groupId])
  })
}

/** An assignment rule without its team would let chats wait for ever: it is changed first. */
async function demandUnruled(em: Em, workspaceId: string, groupId: string): Promise<void> {
  const rules = await em.execute<{ name: string }[]>(
    `select name from assignment_rules where workspace_id = ? and definition -> 'to' ->> 'groupId' = ? order by position limit 5`,
    [workspaceId, groupId],
  )
  if (rules.length === 0) return
  const names = rules.map(({ name }) => `"${name}"`).join(', ')
  throw new AppError('conflict', `assignment rules give chats to this team: ${names}. Change them first`)
}

/** Puts somebody into a team, or out of it; doing it again changes nothing. */
export async function setMember(
  { orm }: Pick<Deps, 'orm'>,
  { actor, groupId, userId, isMember }: { actor: Actor; groupId: string; userId: string; isMember: boolean },
): Promise<Group> {
  const { workspaceId } = actor
  return forkFor(orm, workspaceId).transactional(async (em) => {
    const power = await demandManager(em, actor)
    const group = await getGroup(em, workspaceId, groupId)
    if (group.system) throw new AppError('conflict', `the members of ${group.name} follow the role`)
    await demandRank(em, power, workspaceId, await getPerson(em, workspaceId, userId))
    // Who leaves a narrow group may end up with more: both ways are a grant.
    demandGrant(power, { permissions: group })
    await em.execute(
      isMember
        ? `insert into group_members (workspace_id, group_id, user_id) values (?, ?, ?) on conflict do nothing`
        : `delete from group_members where workspace_id = ? and group_id = ? and user_id = ?`,
      [workspaceId, groupId, userId],
    )
    demandGrant(power, { permissions: (await getPerson(em, workspaceId, userId)).permissions })
    await announce(em, workspaceId, [{ kind: 'user.changed', conversationId: null, data: { userId } }])
    return getGroup(em, workspaceId, groupId)
  })
}

/** What its members may has changed with it. */
async function announceMembers(em: Em, workspaceId: string, groupId: string): Promise<void> {
  const members = await em.execute<{ userId: string }[]>(
    'select user_id as "userId" from group_members where workspace_id = ? and group_id = ?',
    [workspaceId, groupId],
  )
  await announce(
    em,
    workspaceId,
    members.map(({ userId }) => ({ kind: 'user.changed', conversationId: null, data: { userId } })),
  )
}

/** A group that says nothing leaves its members to their other groups and their role, which may be anything. */
function atWidest({ canReadChats, canWriteToChats, canUseTags }: Fields): Fields {
  return {
    canReadChats: canReadChats === null ? 'all' : canReadChats,
    canWriteToChats: canWriteToChats === null ? 'all' : canWriteToChats,
    canUseTags: canUseTags === null ? true : canUseTags,
  }
}

/** Without what is undefined. */
function given(changes: Fields): Partial<Group> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
}
