import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { Deps } from '../deps.ts'
import type { Actor } from '../kit/route.ts'
import { hashSecret } from '../kit/seal.ts'
import { AppError } from '../model/errors.ts'
import { announce } from '../live/announce.ts'
import { readActor, type ActorRow, actorColumns } from './read-actor.ts'

/** 40 hex digits, as callers of Wabbit's API know them. */
export const userTokenPattern = /^[0-9a-f]{40}$/
const tokenBytes = 20

type TokenDeps = Pick<Deps, 'orm' | 'config'>
interface Owner {
  workspaceId: string
  userId: string
}

/** A user's token: the same one each time until it is revoked. Only a hash of it is kept. */
export async function readUserToken(deps: TokenDeps, { workspaceId, userId }: Owner): Promise<string> {
  const em = deps.orm.em.fork()
  const [user] = await em.execute<{ generation: number }[]>(
    `select token_generation as generation from users
     where workspace_id = ? and id = ? and activated_at is not null and deactivated_at is null`,
    [workspaceId, userId],
  )
  if (!user) throw new AppError('conflict', 'a user has a token once activated, and until deactivated')
  const token = derive(deps, userId, user.generation)
  // Whoever revokes it in this moment wins: the generation fences.
  await em.execute(
    `update users set token_hash = ? where workspace_id = ? and id = ? and token_generation = ?
       and token_hash is distinct from ?`,
    [hashSecret(token), workspaceId, userId, user.generation, hashSecret(token)],
  )
  return token
}

/** From now on the token opens nothing; the next one is another. Open sockets end. */
export async function revokeUserToken(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, userId }: Owner,
): Promise<void> {
  await deps.orm.em.fork().transactional(async (em) => {
    const changed = await em.execute(
      `update users set token_generation = token_generation + 1, token_hash = null
       where workspace_id = ? and id = ? returning id`,
      [workspaceId, userId],
    )
    if (changed.length === 0) throw new AppError('not_found', `there is no user ${userId}`)
    await announce(em, workspaceId, [{ kind: 'user.changed', conversationId: null, data: { userId } }])
  })
}

/** Whose token it is. Found by its hash, which tells nothing by how long it takes; then held to what we derive. */
export async function findUserByToken(deps: TokenDeps, token: string): Promise<Actor | undefined> {
  if (!userTokenPattern.test(token)) return undefined
  const [row] = await deps.orm.em.fork().execute<(ActorRow & { generation: number })[]>(
    `select ${actorColumns}, u.token_generation as generation from users u left join roles r on r.id = u.role_id
     where u.token_hash = ? and u.activated_at is not null and u.deactivated_at is null`,
    [hashSecret(token)],
  )
  if (!row) return undefined
  const expected = derive(deps, row.id, row.generation)
  return timingSafeEqual(Buffer.from(expected), Buffer.from(token)) ? readActor(row) : undefined
}

function derive({ config }: Pick<Deps, 'config'>, userId: string, generation: number): string {
  const key = hkdfSync(
    'sha256',
    Buffer.from(config.MASTER_KEY ?? '', 'hex'),
    '',
    'dripline user tokens 1',
    32,
  )
  const mac = createHmac('sha256', Buffer.from(key)).update(`${userId} ${generation}`).digest()
  return mac.subarray(0, tokenBytes).toString('hex')
}
