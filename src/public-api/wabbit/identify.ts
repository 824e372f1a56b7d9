import { timingSafeEqual } from 'node:crypto'
import type { Request } from 'express'
import type { Deps } from '../../deps.ts'
import { hashSecret } from '../../kit/seal.ts'
import type { Actor } from '../../kit/route.ts'
import { AppError } from '../../model/errors.ts'
import { findSession } from '../../people/sessions.ts'
import { findUserByToken } from '../../people/user-token.ts'
import { findBoundNumber } from '../../settings/bound-number.ts'
import { findProviderAdmin } from '../../settings/provider-key.ts'
import { readCookie } from './cookies.ts'

/**
 * Who asks: by the provider's key, else by a token, else by a session. What is not valid is passed over in silence, so that
 * with nothing valid there is one answer.
 */
export async function identifyWabbit(deps: Deps, request: Request): Promise<Actor & { numberId: string }> {
  const provider = await byProviderKey(deps, request)
  if (provider) return provider
  const actor = (await byToken(deps, request)) ?? (await bySession(deps, request))
  if (!actor) throw new AppError('unauthenticated', 'Authentication credentials were not provided.')
  const { workspaceId, id: userId } = actor
  return { ...actor, numberId: await findBoundNumber(deps, { workspaceId, userId }) }
}

async function byProviderKey(
  deps: Deps,
  request: Request,
): Promise<(Actor & { numberId: string }) | undefined> {
  const key = request.get('d360-api-key')?.trim()
  return key ? findProviderAdmin(deps, key) : undefined
}

async function byToken(deps: Deps, request: Request): Promise<Actor | undefined> {
  const token = /^Token +(\S+)$/i.exec(request.get('authorization')?.trim() ?? '')?.[1]
  return token === undefined ? undefined : findUserByToken(deps, token)
}

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Another site can make a browser send its cookies along, but cannot read the token that must come with a write. */
async function bySession(deps: Deps, request: Request): Promise<Actor | undefined> {
  const session = await findSession(deps, readCookie(request, 'sessionid') ?? '', 'wabbit')
  if (!session) return undefined
  if (!safe.has(request.method)) checkCsrf(request, session.csrfHash)
  return session.actor
}

function checkCsrf(request: Request, csrfHash: string | null): void {
  const sent = request.get('x-csrftoken') ?? ''
  const cookie = readCookie(request, 'csrftoken') ?? ''
  if (csrfHash && isSame(sent, cookie) && isSame(hashSecret(sent), csrfHash)) return
  throw new AppError('forbidden', 'CSRF Failed: CSRF token missing or incorrect.')
}

export function isSame(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)]
  return first.length === second.length && timingSafeEqual(first, second)
}
