import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { Config } from '../config.ts'

/** What a link of ours is for: a token made for one purpose is none for another. */
type Purpose = 'media' | 'click'

const idLength = 16
const macLength = 12

/** An id as a short token that nobody else can make: 38 characters that may stand in a link. */
export function signId(config: Pick<Config, 'MASTER_KEY'>, purpose: Purpose, id: string): string {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex')
  return Buffer.concat([bytes, macOf(config, purpose, bytes)]).toString('base64url')
}

/** The id that a token names; undefined when we did not make it for this. */
export function readSignedId(
  config: Pick<Config, 'MASTER_KEY'>,
  purpose: Purpose,
  token: string,
): string | undefined {
  if (!/^[\w-]{38}$/.test(token)) return undefined
  const bytes = Buffer.from(token, 'base64url')
  const id = bytes.subarray(0, idLength)
  const mac = bytes.subarray(idLength)
  if (mac.length !== macLength || !timingSafeEqual(mac, macOf(config, purpose, id))) return undefined
  const hex = id.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

const keys = new Map<string, Buffer>()

function macOf({ MASTER_KEY = '' }: Pick<Config, 'MASTER_KEY'>, purpose: Purpose, id: Buffer): Buffer {
  const name = `${MASTER_KEY} ${purpose}`
  const key =
    keys.get(name) ??
    Buffer.from(hkdfSync('sha256', Buffer.from(MASTER_KEY, 'hex'), '', `dripline ${purpose} links 1`, 32))
  keys.set(name, key)
  return createHmac('sha256', key).update(id).digest().subarray(0, macLength)
}

/** An address below our own, as the outside reaches it. */
export function publicLink({ PUBLIC_URL, PORT }: Pick<Config, 'PUBLIC_URL' | 'PORT'>, path: string): string {
  return `${(PUBLIC_URL ?? `http://127.0.0.1:${PORT}`).replace(/\/$/, '')}${path}`
}
