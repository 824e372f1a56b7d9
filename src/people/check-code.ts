import { createHmac, hkdfSync, randomInt } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import type { Deps } from '../deps.ts'
import { AppError, type ErrorCode } from '../model/errors.ts'
import { codeLimits, createLoginThrottle } from './login-throttle.ts'

const throttle = createLoginThrottle(Date.now, codeLimits)
const periodMs = 30_000
/** One step before and after: clocks of telephones are not ours. */
const drift = 1
const recoveryCodeCount = 10
/** No 0, O, 1, I and L: they are copied by hand. */
const recoveryLetters = 'abcdefghjkmnpqrstuvwxyz23456789'

interface Try {
  workspaceId: string
  userId: string
  code: string
  address: string
}

/** Holds a code of the authenticator, or one for emergencies, to what the user has. Each serves once. */
export async function checkCode(
  deps: Pick<Deps, 'orm' | 'config' | 'seal'>,
  given: Try,
  refusal: ErrorCode = 'unauthenticated',
): Promise<void> {
  throttle.attempt(given.userId, given.address)
  const digits = given.code.replaceAll(/\s/g, '')
  const isRight = /^\d{6}$/.test(digits)
    ? await spendStep(deps, { ...given, code: digits })
    : await spendRecoveryCode(deps, given)
  if (!isRight) throw new AppError(refusal, 'this code is wrong, or was used before')
  throttle.succeed(given.userId, given.address)
}

export function createTotp(username: string, secret: Secret = new Secret({ size: 20 })): TOTP {
  return new TOTP({ issuer: 'Dripline', label: username, secret, digits: 6, period: periodMs / 1_000 })
}

/** The step of time that a code is of, or null. */
export function findStep(totp: TOTP, code: string, nowMs = Date.now()): number | null {
  const delta = totp.validate({ token: code, window: drift, timestamp: nowMs })
  return delta === null ? null : Math.floor(nowMs / periodMs) + delta
}

/** A code that was looked over a shoulder is worth nothing once its owner has used it. */
async function spendStep(
  { orm, seal }: Pick<Deps, 'orm' | 'seal'>,
  { workspaceId, userId, code }: Try,
): Promise<boolean> {
  const em = orm.em.fork()
  const [user] = await em.execute<{ username: string; sealed: string }[]>(
    `select username, sealed_totp as sealed from users
     where workspace_id = ? and id = ? and totp_confirmed_at is not null`,
    [workspaceId, userId],
  )
  const secret = user && Secret.fromBase32(seal.unseal(user.sealed).toString('utf8'))
  const step = user && findStep(createTotp(user.username, secret), code)
  if (step === null || step === undefined) return false
  const spent = await em.execute(
    `update users set totp_last_step = ? where workspace_id = ? and id = ?
       and (totp_last_step is null or totp_last_step < ?) returning id`,
    [step, workspaceId, userId, step],
  )
  return spent.length === 1
}

async function spendRecoveryCode(
  deps: Pick<Deps, 'orm' | 'config'>,
  { workspaceId, userId, code }: Try,
): Promise<boolean> {
  const hash = hashRecoveryCode(deps, code)
  const spent = await deps.orm.em.fork().execute(
    `update users set recovery_hashes = array_remove(recovery_hashes, ?)
     where workspace_id = ? and id = ? and ? = any(recovery_hashes) and totp_confirmed_at is not null returning id`,
    [hash, workspaceId, userId, hash],
  )
  return spent.length === 1
}

export function drawRecoveryCodes(): string[] {
  const draw = () =>
    Array.from({ length: 5 }, () => recoveryLetters[randomInt(recoveryLetters.length)]).join('')
  return Array.from({ length: recoveryCodeCount }, () => `${draw()}-${draw()}`)
}

/** Fifty bits would be guessed from a plain hash: what is stored says nothing without our key. */
export function hashRecoveryCode({ config }: Pick<Deps, 'config'>, code: string): string {
  const master = Buffer.from(config.MASTER_KEY ?? '', 'hex')
  const key = hkdfSync('sha256', master, '', 'dripline recovery codes 1', 32)
  const plain = code.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  return createHmac('sha256', Buffer.from(key)).update(plain).digest('hex')
}
