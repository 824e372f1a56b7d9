import {
  createCipheriv,
  createDecipheriv,
  createHash,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'

/** Seals small secrets for the database (AES-256-GCM, version 1, base64). */
export interface Seal {
  seal(plain: Uint8Array | string): string
  unseal(sealed: string): Buffer
}

/** @param masterKey 64 hex digits. */
export function createSeal(masterKey: string): Seal {
  const key = Buffer.from(hkdfSync('sha256', Buffer.from(masterKey, 'hex'), '', 'dripline seal 1', 32))
  return {
    seal: (plain) => encrypt(key, Buffer.from(plain)).toString('base64'),
    unseal: (sealed) => decrypt(key, Buffer.from(sealed, 'base64')),
  }
}

const nonceLength = 12
const tagLength = 16

/** nonce ‖ tag ‖ ciphertext. A key used often is cheaper as a `KeyObject`: bytes are made into one each time. */
export function encrypt(key: Uint8Array | KeyObject, plain: Uint8Array): Buffer {
  const nonce = randomBytes(nonceLength)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body])
}

export function decrypt(key: Uint8Array | KeyObject, sealed: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceLength))
  decipher.setAuthTag(sealed.subarray(nonceLength, nonceLength + tagLength))
  return Buffer.concat([decipher.update(sealed.subarray(nonceLength + tagLength)), decipher.final()])
}

/** For secrets of 128 random bits and more, which need no slow hash (OWASP ASVS 6.5.2). */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
