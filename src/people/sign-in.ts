import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { InferEntity } from '@mikro-orm/core'
import type { Deps } from '../deps.ts'
import { audit } from '../kit/audit-trail.ts'
import { AppError } from '../model/errors.ts'
import { checkCode } from './check-code.ts'
import { User } from './entities.ts'
import { createLoginThrottle } from './login-throttle.ts'
import { verifyPassword } from './passwords.ts'
import { createSession, type Device, type OpenedSession, type SessionUser } from './sessions.ts'

type SignInDeps = Pick<Deps, 'orm' | 'config' | 'seal' | 'log'>
export interface Credentials {
  username: string
  password: string
  address: string
  /** Of the authenticator, or one of those for emergencies; of users who have a second factor. */
  code?: string | undefined
}

const throttle = createLoginThrottle()
const ticketLifetimeMs = 5 * 60_000

/**
 * Who has shown to be whom. A wrong name and a wrong password look the same, in words and in time, and so do users who
 * were not activated yet or are not there any more.
 */
export async function signIn(deps: SignInDeps, { code, ...credentials }: Credentials): Promise<SessionUser> {
  const user = await checkCredentials(deps, credentials)
  if (user.totpConfirmedAt) {
    if (code === undefined) throw new AppError('unauthenticated', 'this user signs in with a code too')
    await checkSecond(deps, user, code, credentials.address)
  }
  await note(deps, user, credentials.address, 201)
  return user
}

/** Signs in and opens a session, all at once. */
export async function openSession(
  deps: SignInDeps,
  { userAgent, ...credentials }: Credentials & Pick<Device, 'userAgent'>,
): Promise<OpenedSession> {
  const user = await signIn(deps, credentials)
  return createSession(deps, user, { address: credentials.address, userAgent })
}

/** The first step: who has a second factor gets a ticket for the next. */
export async function beginSignIn(
  deps: SignInDeps,
  credentials: Omit<Credentials, 'code'>,
): Promise<{ user: SessionUser } | { ticket: string; endsAt: Date }> {
  const user = await checkCredentials(deps, credentials)
  if (!user.totpConfirmedAt) {
    await note(deps, user, credentials.address, 201)
    return { user }
  }
  const endsAt = new Date(Date.now() + ticketLifetimeMs)
  return { ticket: sealTicket(deps, user, endsAt.getTime()), endsAt }
}

/** The second step. A ticket dies with the password that it was given for. */
export async function finishSignIn(
  deps: SignInDeps,
  { ticket, code, address }: { ticket: string; code: string; address: string },
): Promise<SessionUser> {
  const [userId = '', endsAtMs = ''] = ticket.split('.')
  const user = /^[0-9a-f-]{36}$/.test(userId)
    ? await deps.orm.em.fork().findOne(User, userId, { filters: false })
    : null
  const isOurs = user && isSame(sealTicket(deps, user, Number(endsAtMs)), ticket)
  if (!isOurs || !isUsable(user) || Number(endsAtMs) < Date.now())
    throw new AppError('unauthenticated', 'begin anew: the first step was too long ago')
  await checkSecond(deps, user, code, address)
  await note(deps, user, address, 201)
  return user
}

/** Of somebody who is signed in and is about to change how. */
export async function confirmPassword(
  { orm }: Pick<Deps, 'orm'>,
  { userId, password, address }: { userId: string; password: string; address: string },
  field = 'password',
): Promise<void> {
  throttle.attempt(userId, address)
  const user = await orm.em.fork().findOne(User, userId, { filters: false })
  if (!(await verifyPassword(password, user?.passwordHash ?? undefined))) {
    const message = 'is not your password'
    throw new AppError('forbidden', `${field} ${message}`, { fields: [{ field, message }] })
  }
  throttle.succeed(userId, address)
}

type UserRow = InferEntity<typeof User>

async function checkCredentials(
  deps: SignInDeps,
  { username, password, address }: Omit<Credentials, 'code'>,
): Promise<UserRow> {
  const user = await deps.orm.em.fork().findOne(User, { username }, { filters: false })
  try {
    throttle.attempt(username, address)
  } catch (error) {
    if (user) await note(deps, user, address, 429)
    throw error
  }
  const isRight = await verifyPassword(password, user?.passwordHash ?? undefined)
  if (!isRight || !user || !isUsable(user)) {
    if (user) await note(deps, user, address, 401)
    throw new AppError('unauthenticated', 'the user name or the password is wrong')
  }
  throttle.succeed(username, address)
  return user
}

async function checkSecond(deps: SignInDeps, user: UserRow, code: string, address: string): Promise<void> {
  try {
    await checkCode(deps, { workspaceId: user.workspaceId, userId: user.id, code, address })
  } catch (error) {
    if (error instanceof AppError) await note(deps, user, address, error.code === 'rate_limited' ? 429 : 401)
    throw error
  }
}

function isUsable({ activatedAt, deactivatedAt }: UserRow): boolean {
  return Boolean(activatedAt) && !deactivatedAt
}

/** Refused tries too: guessing shows in the log. */
async function note(deps: SignInDeps, user: UserRow, address: string, status: number): Promise<void> {
  const { id, workspaceId } = user
  const of = { target: { userId: id }, fields: [], address, requestId: undefined }
  await audit(deps, { workspaceId, actor: `user ${id}`, action: 'Sign in', status, ...of })
}

function sealTicket({ config }: Pick<Deps, 'config'>, user: UserRow, endsAtMs: number): string {
  const key = hkdfSync('sha256', Buffer.from(config.MASTER_KEY ?? '', 'hex'), '', 'dripline sign-in 1', 32)
  const said = `${user.id}.${endsAtMs}`
  const mac = createHmac('sha256', Buffer.from(key))
    .update(`${said} ${user.passwordHash}`)
    .digest('base64url')
  return `${said}.${mac}`
}

function isSame(expected: string, actual: string): boolean {
  const [one, two] = [Buffer.from(expected), Buffer.from(actual)]
  return one.length === two.length && timingSafeEqual(one, two)
}
