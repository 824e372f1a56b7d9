import { randomInt } from 'node:crypto'
import type { Request } from 'express'
import type { Config } from '../../config.ts'

/** As the vendor's callers know them, names and lifetimes. */
const lifetimes = { csrftoken: 31_449_600, sessionid: 1_209_600 }
type Cookie = keyof typeof lifetimes

export function readCookie(request: Request, name: Cookie): string | undefined {
  const parts = request.get('cookie')?.split('; ') ?? []
  return parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1)
}

/** The token is read by the pages' scripts, the session is not. */
export function setCookie(
  request: Request,
  { SECURE_COOKIES }: Pick<Config, 'SECURE_COOKIES'>,
  name: Cookie,
  value: string,
): void {
  const maxAge = lifetimes[name]
  const expires = new Date(Date.now() + maxAge * 1_000).toUTCString()
  const flags = [
    `expires=${expires}`,
    ...(name === 'sessionid' ? ['HttpOnly'] : []),
    `Max-Age=${maxAge}`,
    'Path=/',
    'SameSite=Lax',
    ...(SECURE_COOKIES ? ['Secure'] : []),
  ]
  request.res?.append('Set-Cookie', `${name}=${value}; ${flags.join('; ')}`)
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const tokenPattern = /^[A-Za-z0-9]{64}$/

/** The one that the caller has, or a new one. */
export function keepCsrfToken(request: Request, config: Pick<Config, 'SECURE_COOKIES'>): string {
  const known = readCookie(request, 'csrftoken')
  const token =
    known !== undefined && tokenPattern.test(known)
      ? known
      : Array.from({ length: 64 }, () => letters[randomInt(letters.length)]).join('')
  setCookie(request, config, 'csrftoken', token)
  return token
}
