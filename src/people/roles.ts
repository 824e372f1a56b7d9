import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { Actor } from '../kit/route.ts'
import { AppError } from '../model/errors.ts'
import type { Levels } from '../model/permissions.ts'
import { endAccess } from './end-access.ts'
import { demandGrant, demandManager } from './power.ts'
import { refuseTaken } from './refuse-field.ts'

/** What a workspace lets some of its users do, area by area. What it does not name is closed. */
export interface Role {
  id: string
  name: string
  description: string
  levels: Partial<Levels>
  userCount: number
  createdAt: string
  updatedAt: string
}
interface Fields {
  name: string
  description: string
  levels: Partial<Levels>
}
type Changes = { [K in keyof Fields]?: Fields[K] | undefined }

const columns = `r.id, r.name, r.description, r.levels, ${isoTime('r.created_at')} as "createdAt",
  ${isoTime('r.updated_at')} as "updatedAt", (select count(*)::int from users u where u.role_id = r.id) as "userCount"`

/** By name, one more than `limit` when there are more. */
export async function listRoles(
  em: Em,
  workspaceId: string,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<Role[]> {
  return em.execute<Role[]>(
    `select ${columns} from roles r where r.workspace_id = ? and r.name > ? order by r.name limit ?`,
    [workspaceId, after ?? '', limit + 1],
  )
}

export async function getRole(em: Em, workspaceId: string, roleId: string): Promise<Role> {
  const [found] = await em.execute<Role[]>(
    `select ${columns} from roles r where r.workspace_id = ? and r.id = ?`,
    [workspaceId, roleId],
  )
  if (!found) throw new AppError('not_found', `there is no role ${roleId}`)
  return found
}

export async function addRole(
  { orm }: Pick<Deps, 'orm'>,
  {
    actor,
    name,
    description = '',
    levels,
  }: Changes & { actor: Actor; name: string; levels: Partial<Levels> },
): Promise<Role> {
  const { workspaceId } = actor
  return forkFor(orm, workspaceId).transactional(async (em) => {
    demandGrant(await demandManager(em, actor), { levels })
    const id = newId()
    await refuseTaken('name', () =>
      em.execute(
        'insert into roles (id, workspace_id, name, description, levels) values (?, ?, ?, ?, ?::jsonb)',
        [...[id, workspaceId, name, description, JSON.stringify(levels)]],
      ),
    )
    return getRole(em, workspaceId, id)
  })
}

/** Levels that change end the sessions of those who have the role. Nobody changes what is beyond them, or their own. */
export async function changeRole(
  { orm }: Pick<Deps, 'orm'>,
  { actor, roleId, ...changes }: Changes & { actor: Actor; roleId: string },
): Promise<Role> {
  const { workspaceId } = actor
  return forkFor(orm, workspaceId).transactional(async (em) => {
    const power = await demandManager(em, actor)
    const before = await getRole(em, workspaceId, roleId)
    demandGrant(power, { levels: before.levels })
    if (changes.levels) demandGrant(power, { levels: changes.levels })
    const { name = before.name, description = before.description, levels = before.levels } = changes
    await refuseTaken('name', () =>
      em.execute(
        `update roles set name = ?, description = ?, levels = ?::jsonb, updated_at = now()
         where workspace_id = ? and id = ?`,
        [name, description, JSON.stringify(levels), workspaceId, roleId],
      ),
    )
    if (changes.levels) await endSessionsOf(em, workspaceId, roleId, power.userId)
    return getRole(em, workspaceId, roleId)
  })
}

/** Not while somebody has it: without it a user may more. */
export async function deleteRole(
  { orm }: Pick<Deps, 'orm'>,
  { actor, roleId }: { actor: Actor; roleId: string },
): Promise<void> {
  const { workspaceId } = actor
  await forkFor(orm, workspaceId).transactional(async (em) => {
    demandGrant(await demandManager(em, actor), { levels: (await getRole(em, workspaceId, roleId)).levels })
    const [deleted] = await em.execute(
      `delete from roles r where r.workspace_id = ? and r.id = ?
         and not exists (select from users u where u.role_id = r.id) returning r.id`,
      [workspaceId, roleId],
    )
    if (!deleted) throw new AppError('conflict', 'users have this role: give them another one first')
  })
}

async function endSessionsOf(
  em: Em,
  workspaceId: string,
  roleId: string,
  myId: string | null,
): Promise<void> {
  const users = await em.execute<{ id: string }[]>(
    'select id from users where workspace_id = ? and role_id = ?',
    [workspaceId, roleId],
  )
  for (const { id } of users) {
    if (id === myId) throw new AppError('conflict', 'this is your own role: ask an admin')
    await endAccess(em, { workspaceId, userId: id })
  }
}
