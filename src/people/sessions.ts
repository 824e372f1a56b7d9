import { randomBytes } from 'node:crypto'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { Actor } from '../kit/route.ts'
import { hashSecret } from '../kit/seal.ts'
import { AppError } from '../model/errors.ts'
import { Session, User } from './entities.ts'
import { createLoginThrottle } from './login-throttle.ts'
import { verifyPassword } from './passwords.ts'

export interface OpenedSession {
  token: string
  expiresAt: Date
  user: { id: string; workspaceId: string; username: string; role: 'admin' | 'user' | 'app' }
}

export const sessionTokenPattern = /^drips_[A-Za-z0-9_-]{43}$/
const lifetimeMs = 7 * 24 * 60 * 60_000
const throttle = createLoginThrottle()

/** Signs a user in. A wrong name and a wrong password look the same, in words and in time. */
export async function openSession(
  deps: Pick<Deps, 'orm'>,
  { username, password, address }: { username: string; password: string; address: string },
): Promise<OpenedSession> {
  throttle.attempt(username, address)
  const user = await deps.orm.em.fork().findOne(User, { username }, { filters: false })
  if (!(await verifyPassword(password, user?.passwordHash ?? undefined)) || !user) {
    throw new AppError('unauthenticated', 'the user name or the password is wrong')
  }
  throttle.succeed(username, address)
  return createSession(deps, user)
}

/** A session without a password, for the start script's demo user. */
export async function createSession(
  { orm }: Pick<Deps, 'orm'>,
  user: OpenedSession['user'],
): Promise<OpenedSession> {
  const { id, workspaceId, username, role } = user
  const token = `drips_${randomBytes(32).toString('base64url')}`
  const expiresAt = new Date(Date.now() + lifetimeMs)
  const row = { id: newId(), userId: id, workspaceId, tokenHash: hashSecret(token), expiresAt }
  await forkFor(orm, workspaceId).insert(Session, { ...row, createdAt: new Date() })
  return { token, expiresAt, user: { id, workspaceId, username, role } }
}

/** Whose session a token opens; the role is read each time, so that a change holds at once. */
export async function findSession(
  { orm }: Pick<Deps, 'orm'>,
  token: string,
): Promise<{ actor: Actor; expiresAt: Date } | undefined> {
  if (!sessionTokenPattern.test(token)) return undefined
  const em = orm.em.fork()
  const session = await em.findOne(
    Session,
    { tokenHash: hashSecret(token), expiresAt: { $gt: new Date() } },
    { filters: false },
  )
  const user = session && (await em.findOne(User, session.userId, { filters: false }))
  if (!user) return undefined
  const { id, workspaceId, role } = user
  return { actor: { workspaceId, kind: 'user', id, role }, expiresAt: session.expiresAt }
}

export async function closeSession({ orm }: Pick<Deps, 'orm'>, token: string): Promise<void> {
  await orm.em.fork().nativeDelete(Session, { tokenHash: hashSecret(token) }, { filters: false })
}
