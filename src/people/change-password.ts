import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { Actor } from '../kit/route.ts'
import { endAccess } from './end-access.ts'
import { getPerson } from './find-people.ts'
import { checkPassword } from './password-policy.ts'
import { hashPassword } from './passwords.ts'
import { demandManager, demandRank } from './power.ts'
import { confirmPassword } from './sign-in.ts'

/** One's own, with the one that is; every session but this one ends. */
export async function changeOwnPassword(
  { orm }: Pick<Deps, 'orm'>,
  { actor, current, password, address }: { actor: Actor; current: string; password: string; address: string },
): Promise<void> {
  const { workspaceId, id: userId, sessionId } = actor
  const { username } = await getPerson(forkFor(orm, workspaceId), workspaceId, userId)
  checkPassword(password, username)
  await confirmPassword({ orm }, { userId, password: current, address }, 'current')
  await write({ orm }, { workspaceId, userId, password, exceptSessionId: sessionId })
}

/** Somebody else's, by who looks after people; every session of the user ends. Who was invited is not activated by it. */
export async function setPassword(
  { orm }: Pick<Deps, 'orm'>,
  { actor, userId, password }: { actor: Actor; userId: string; password: string },
): Promise<void> {
  const { workspaceId } = actor
  const em = forkFor(orm, workspaceId)
  const power = await demandManager(em, actor)
  const person = await getPerson(em, workspaceId, userId)
  await demandRank(em, power, workspaceId, person)
  checkPassword(password, person.username)
  await write({ orm }, { workspaceId, userId, password })
}

async function write(
  { orm }: Pick<Deps, 'orm'>,
  {
    workspaceId,
    userId,
    password,
    exceptSessionId,
  }: { workspaceId: string; userId: string; password: string; exceptSessionId?: string | undefined },
): Promise<void> {
  const passwordHash = await hashPassword(password)
  await forkFor(orm, workspaceId).transactional(async (em) => {
    await em.execute('update users set password_hash = ? where workspace_id = ? and id = ?', [
      passwordHash,
      workspaceId,
      userId,
    ])
    await endAccess(em, { workspaceId, userId, exceptSessionId })
  })
}
