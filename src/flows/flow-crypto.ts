import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  generateKeyPair,
  privateDecrypt,
  type KeyObject,
} from 'node:crypto'
import { promisify } from 'node:util'
import { z } from 'zod'

/**
 * Meta's scheme for Flow endpoints: a fresh AES-128 key for each exchange, wrapped with RSA-OAEP (SHA-256) under the number's
 * public key; AES-128-GCM with the tag behind the text; the answer under the same key with every bit of the IV flipped.
 */
export const encryptedRequestSchema = z.object({
  encrypted_flow_data: z.base64().min(1),
  encrypted_aes_key: z.base64().min(1),
  initial_vector: z.base64().min(1),
})
export type EncryptedRequest = z.infer<typeof encryptedRequestSchema>

export interface OpenedRequest {
  body: unknown
  /** Encrypts the answer to this request. */
  seal(answer: unknown): string
}

const tagLength = 16

/** Tries the number's keys, newest first; undefined when none opens the request or it was tampered with. */
export function openRequest(privateKeys: string[], request: EncryptedRequest): OpenedRequest | undefined {
  for (const pem of privateKeys) {
    const opened = openWith(createPrivateKey(pem), request)
    if (opened) return opened
  }
  return undefined
}

function openWith(privateKey: KeyObject, request: EncryptedRequest): OpenedRequest | undefined {
  try {
    const wrapped = Buffer.from(request.encrypted_aes_key, 'base64')
    const padding = constants.RSA_PKCS1_OAEP_PADDING
    const key = privateDecrypt({ key: privateKey, padding, oaepHash: 'sha256' }, wrapped)
    const iv = Buffer.from(request.initial_vector, 'base64')
    const bytes = Buffer.from(request.encrypted_flow_data, 'base64')
    if (key.length !== 16 || bytes.length <= tagLength) return undefined
    const decipher = createDecipheriv('aes-128-gcm', key, iv)
    decipher.setAuthTag(bytes.subarray(-tagLength))
    const text = Buffer.concat([decipher.update(bytes.subarray(0, -tagLength)), decipher.final()])
    return { body: JSON.parse(text.toString('utf8')) as unknown, seal: (answer) => sealWith(key, iv, answer) }
  } catch {
    // A wrong key, a tag that does not fit and broken JSON are one to us: nothing that can be read.
    return undefined
  }
}

function sealWith(key: Buffer, iv: Buffer, answer: unknown): string {
  const flipped = Buffer.from(iv.map((byte) => ~byte))
  const cipher = createCipheriv('aes-128-gcm', key, flipped)
  const text = Buffer.from(JSON.stringify(answer))
  return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('base64')
}

/** 2,048 bits, as Meta asks for. */
export function generateFlowKeys(): Promise<{ publicKey: string; privateKey: string }> {
  return promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
}
