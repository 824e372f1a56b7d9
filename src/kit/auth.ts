import type { Request } from 'express'
import type { Config } from '../config.ts'
import { AppError } from '../model/errors.ts'
import { levelOf, placeOf, reaches, type Area, type Asked } from '../model/permissions.ts'
import type { Actor } from './route.ts'

/** Looks a credential up; undefined when there is no such key or session, or no more. */
export type Authenticate = (token: string) => Promise<Actor | undefined>

type CookieConfig = Pick<Config, 'SECURE_COOKIES' | 'PUBLIC_URL'>

/**
 * Who asks. A header wins over the browser's cookie; the cookie counts for writes from our own pages only.
 * @param friends origins besides our own that may use the cookie.
 */
export async function identify(
  request: Request,
  config: CookieConfig,
  authenticate: Authenticate,
  friends: string[] = [],
): Promise<Actor> {
  const header = request.get('authorization')
  const token = header === undefined ? readSessionCookie(request, config) : readBearer(header)
  if (!token) {
    const message = 'send "Authorization: Bearer <API key or session token>"'
    throw new AppError('unauthenticated', message)
  }
  const actor = await authenticate(token)
  if (!actor) throw new AppError('unauthenticated', 'this key or session is not valid (any more)')
  if (header === undefined && !['GET', 'HEAD'].includes(request.method)) checkOrigin(request, config, friends)
  return actor
}

/**
 * Whether a route is for who asks. Keys of the platform are made by admins and act as one; users need the role, or what a
 * role of the workspace gives them in the route's area.
 * @param fallback the area of headings that the platform's table does not name: a dialect's.
 */
export function authorize(actor: Actor, route: Asked, fallback?: Area): void {
  if (actor.kind === 'key' || actor.role === 'admin') return
  if (!actor.levels) {
    if (route.auth === 'admin') throw new AppError('forbidden', 'only an admin may do that')
    return
  }
  const place = placeOf(route) ?? fallback
  if (place === 'own') return
  if (place === undefined || place === 'admins') throw new AppError('forbidden', 'only an admin may do that')
  const needed = levelOf(route)
  if (reaches(actor.levels[place], needed)) return
  throw new AppError('forbidden', `this needs "${needed}" in the area "${place}"`)
}

/** For what is no route of the API. */
export function demandAdmin({ kind, role }: Actor): void {
  if (kind !== 'key' && role !== 'admin') throw new AppError('forbidden', 'only an admin may do that')
}

/** Refuses what another site made the browser send. */
export function checkOrigin(request: Request, config: CookieConfig, friends: string[] = []): void {
  const origin = request.get('origin')
  const publicOrigin = config.PUBLIC_URL && new URL(config.PUBLIC_URL).origin
  const trusted = [`${request.protocol}://${request.host}`, publicOrigin, ...friends]
  const isOurs =
    origin === undefined
      ? ['same-origin', 'none'].includes(request.get('sec-fetch-site') ?? '')
      : trusted.includes(origin)
  if (!isOurs) throw new AppError('forbidden', 'with a cookie, this may be called from our own pages only')
}

/** @param request of Express, or what looks up a header of an upgrade. */
export function readSessionCookie(
  request: { get(name: 'cookie'): string | undefined },
  config: CookieConfig,
): string | undefined {
  const name = `${cookieName(config)}=`
  const parts = request.get('cookie')?.split('; ') ?? []
  return parts.find((part) => part.startsWith(name))?.slice(name.length)
}

/** Signs the browser in (or out, without a token). Scripts cannot read it, other sites' forms do not carry it. */
export function setSessionCookie(
  request: Request,
  config: CookieConfig,
  token?: string,
  expiresAt?: Date,
): void {
  const options = { httpOnly: true, sameSite: 'lax', path: '/', secure: config.SECURE_COOKIES } as const
  if (token && expiresAt) request.res?.cookie(cookieName(config), token, { ...options, expires: expiresAt })
  else request.res?.clearCookie(cookieName(config), options)
}

/** The prefix makes browsers hold to Secure, Path=/ and no Domain. */
function cookieName({ SECURE_COOKIES }: CookieConfig): string {
  return SECURE_COOKIES ? '__Host-dripline' : 'dripline'
}

export function readBearer(header: string): string | undefined {
  return /^Bearer +(\S+)$/i.exec(header.trim())?.[1]
}
