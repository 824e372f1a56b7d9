import { randomBytes } from 'node:crypto'
import type { Config } from '../config.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { audit } from '../kit/audit-trail.ts'
import type { Actor } from '../kit/route.ts'
import { hashSecret } from '../kit/seal.ts'
import { publicLink } from '../kit/signed-id.ts'
import { announce } from '../live/announce.ts'
import { AppError } from '../model/errors.ts'
import { getPerson } from './find-people.ts'
import { checkPassword } from './password-policy.ts'
import { hashPassword } from './passwords.ts'
import { demandManager, demandRank } from './power.ts'
import { refuseField } from './refuse-field.ts'
import type { SessionUser } from './sessions.ts'
import { readUserToken } from './user-token.ts'

/** Shown once: only a hash of the code is kept. */
export interface Invitation {
  code: string
  /** The page on which the invited choose a password. */
  url: string
  endsAt: string
}
const lifetimeMs = 7 * 24 * 60 * 60_000

export function drawInvitation(config: Pick<Config, 'PUBLIC_URL' | 'PORT'>): {
  hash: string
  shown: Invitation
} {
  const code = randomBytes(20).toString('hex')
  const endsAt = new Date(Date.now() + lifetimeMs)
  const url = publicLink(config, `/app/activate/${code}`)
  return { hash: hashSecret(code), shown: { code, url, endsAt: endsAt.toISOString() } }
}

/** A new link for somebody who was never activated; the one before is worth nothing any more. */
export async function inviteAgain(
  deps: Pick<Deps, 'orm' | 'config'>,
  { actor, userId }: { actor: Actor; userId: string },
): Promise<Invitation> {
  const { workspaceId } = actor
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const power = await demandManager(em, actor)
    const person = await getPerson(em, workspaceId, userId)
    await demandRank(em, power, workspaceId, person)
    const { hash, shown } = drawInvitation(deps.config)
    const invited = await em.execute(
      `update users set activation_hash = ?, activation_ends_at = ?
       where workspace_id = ? and id = ? and activated_at is null returning id`,
      [hash, shown.endsAt, workspaceId, userId],
    )
    if (invited.length === 0) throw new AppError('conflict', `${person.username} is activated already`)
    return shown
  })
}

/** Who is meant by a link, for the page that it opens. */
export async function findInvitation(
  { orm }: Pick<Deps, 'orm'>,
  code: string,
): Promise<SessionUser & { workspace: string; hasPassword: boolean }> {
  const [found] = await orm.em.fork().execute<(SessionUser & { workspace: string; hasPassword: boolean })[]>(
    `select u.id, u.workspace_id as "workspaceId", u.username, u.role, w.name as workspace,
         u.password_hash is not null as "hasPassword"
       from users u join workspaces w on w.id = u.workspace_id
       where u.activation_hash = ? and u.activation_ends_at > now() and u.activated_at is null
         and u.deactivated_at is null`,
    [hashSecret(code)],
  )
  if (!found) throw new AppError('not_found', 'this link is not valid (any more): ask for a new one')
  return found
}

/**
 * Follows the link. A program gets its token, this once; anybody else needs a password, chosen now or set before by an
 * admin. In either case the code is worth nothing afterwards.
 */
export async function activate(
  deps: Pick<Deps, 'orm' | 'config' | 'log'>,
  { code, password, address }: { code: string; password?: string | undefined; address?: string | undefined },
): Promise<{ user: SessionUser; token: string | null }> {
  const user = await findInvitation(deps, code)
  if (user.role !== 'app' && password === undefined && !user.hasPassword)
    refuseField('password', 'is needed: choose one, or have an admin set it', 'conflict')
  if (password !== undefined) checkPassword(password, user.username)
  const passwordHash = password === undefined ? null : await hashPassword(password)
  const { id, workspaceId } = user
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const activated = await em.execute(
      `update users set activated_at = now(), activation_hash = null, activation_ends_at = null,
         password_hash = coalesce(?, password_hash)
       where workspace_id = ? and id = ? and activation_hash = ? and deactivated_at is null returning id`,
      [passwordHash, workspaceId, id, hashSecret(code)],
    )
    if (activated.length === 0) throw new AppError('not_found', 'this link was used just now')
    await announce(em, workspaceId, [{ kind: 'user.changed', conversationId: null, data: { userId: id } }])
  })
  await audit(deps, {
    ...{
      workspaceId,
      actor: `user ${id}`,
      action: 'Accept an invitation',
      target: { userId: id },
      status: 200,
    },
    ...{ fields: password === undefined ? [] : ['password'], address, requestId: undefined },
  })
  const token = user.role === 'app' ? await readUserToken(deps, { workspaceId, userId: id }) : null
  return { user, token }
}
