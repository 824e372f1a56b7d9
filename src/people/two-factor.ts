import { toDataURL } from 'qrcode'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { Secret } from 'otpauth'
import { AppError } from '../model/errors.ts'
import { checkCode, createTotp, drawRecoveryCodes, findStep, hashRecoveryCode } from './check-code.ts'
import { endAccess } from './end-access.ts'
import { refuseField } from './refuse-field.ts'

interface Owner {
  workspaceId: string
  userId: string
}
/** Shown once each. */
interface Setup {
  secret: string
  /** For authenticators: `otpauth://…` */
  uri: string
  /** The same as a picture, a data URL. */
  qrCode: string
}

/** A new secret, which counts for nothing until a code of it has come. */
export async function setUpTotp(
  { orm, seal }: Pick<Deps, 'orm' | 'seal'>,
  { workspaceId, userId }: Owner,
): Promise<Setup> {
  const em = forkFor(orm, workspaceId)
  const { username, isConfirmed } = await readState(em, { workspaceId, userId })
  if (isConfirmed) throw new AppError('conflict', 'there is a second factor already: disable it first')
  const totp = createTotp(username)
  const secret = totp.secret.base32
  await em.execute(
    'update users set sealed_totp = ? where workspace_id = ? and id = ? and totp_confirmed_at is null',
    [seal.seal(secret), workspaceId, userId],
  )
  const uri = totp.toString()
  return { secret, uri, qrCode: await toDataURL(uri) }
}

/** From now on signing in takes a code. Returns the codes for emergencies; the user's other sessions end. */
export async function confirmTotp(
  deps: Pick<Deps, 'orm' | 'seal' | 'config'>,
  { workspaceId, userId, code, sessionId }: Owner & { code: string; sessionId?: string | undefined },
): Promise<string[]> {
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { username, sealed, isConfirmed } = await readState(em, { workspaceId, userId })
    if (isConfirmed) throw new AppError('conflict', 'there is a second factor already: disable it first')
    if (!sealed) throw new AppError('conflict', 'set the second factor up first')
    const secret = Secret.fromBase32(deps.seal.unseal(sealed).toString('utf8'))
    const step = findStep(createTotp(username, secret), code.replaceAll(/\s/g, ''))
    if (step === null) refuseField('code', 'is wrong: look at the clocks of server and telephone')
    const codes = drawRecoveryCodes()
    await em.execute(
      `update users set totp_confirmed_at = now(), totp_last_step = ?,
         recovery_hashes = array(select jsonb_array_elements_text(?::jsonb))
       where workspace_id = ? and id = ?`,
      [step, hashes(deps, codes), workspaceId, userId],
    )
    await endAccess(em, { workspaceId, userId, exceptSessionId: sessionId })
    return codes
  })
}

/** New codes for emergencies; the old ones are worth nothing any more. */
export async function renewRecoveryCodes(
  deps: Pick<Deps, 'orm' | 'seal' | 'config'>,
  { workspaceId, userId, ...given }: Owner & { code: string; address: string },
): Promise<string[]> {
  await checkCode(deps, { workspaceId, userId, ...given }, 'forbidden')
  const codes = drawRecoveryCodes()
  await deps.orm.em.fork().execute(
    `update users set recovery_hashes = array(select jsonb_array_elements_text(?::jsonb))
     where workspace_id = ? and id = ? and totp_confirmed_at is not null`,
    [hashes(deps, codes), workspaceId, userId],
  )
  return codes
}

/** Signing in takes no code any more. */
export async function removeTotp(
  { orm }: Pick<Deps, 'orm'>,
  { workspaceId, userId, sessionId }: Owner & { sessionId?: string | undefined },
): Promise<void> {
  await forkFor(orm, workspaceId).transactional(async (em) => {
    await em.execute(
      `update users set sealed_totp = null, totp_confirmed_at = null, totp_last_step = null, recovery_hashes = '{}'
       where workspace_id = ? and id = ?`,
      [workspaceId, userId],
    )
    await endAccess(em, { workspaceId, userId, exceptSessionId: sessionId })
  })
}

async function readState(em: Em, { workspaceId, userId }: Owner) {
  const [user] = await em.execute<{ username: string; sealed: string | null; isConfirmed: boolean }[]>(
    `select username, sealed_totp as sealed, totp_confirmed_at is not null as "isConfirmed" from users
     where workspace_id = ? and id = ? for update`,
    [workspaceId, userId],
  )
  if (!user) throw new AppError('not_found', `there is no user ${userId}`)
  return user
}

function hashes(deps: Pick<Deps, 'config'>, codes: string[]): string {
  return JSON.stringify(codes.map((code) => hashRecoveryCode(deps, code)))
}
