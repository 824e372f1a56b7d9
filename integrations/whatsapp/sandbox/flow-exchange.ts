import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHmac,
  publicEncrypt,
  randomBytes,
} from 'node:crypto'
import { request } from '../../kit.ts'

const TIMEOUT_MS = 10_000
const TAG_BYTES = 16

/** What a phone asks an endpoint: `ping`, `INIT`, `data_exchange`, `BACK`, or that something failed. */
export type FlowQuestion = {
  action: string
  screen?: string | undefined
  data?: unknown
  flow_token?: string | undefined
}

/** Asks a Flow's endpoint as a phone does: encrypted under the number's public key, signed with the app's secret. */
export async function askEndpoint(
  url: string,
  question: FlowQuestion,
  { publicKey, appSecret }: { publicKey: string; appSecret: string },
) {
  const key = randomBytes(16)
  const iv = randomBytes(16)
  const json = {
    encrypted_flow_data: encrypt(key, iv, JSON.stringify({ version: '3.0', ...question })),
    encrypted_aes_key: publicEncrypt(
      { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
      key,
    ).toString('base64'),
    initial_vector: iv.toString('base64'),
  }
  const signature = createHmac('sha256', appSecret).update(JSON.stringify(json)).digest('hex')
  const headers = { 'x-hub-signature-256': `sha256=${signature}` }
  const answer = await request({ method: 'POST', url, headers, json, timeoutMs: TIMEOUT_MS })
  return { status: answer.status, answer: decrypt(key, flip(iv), answer.body) }
}

function encrypt(key: Buffer, iv: Buffer, text: string): string {
  const cipher = createCipheriv('aes-128-gcm', key, iv)
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64')
}

/** Null when the endpoint did not answer in cipher, as with 421 and 432. */
function decrypt(key: Buffer, iv: Buffer, body: unknown): unknown {
  if (typeof body !== 'string' || body === '') return null
  try {
    const bytes = Buffer.from(body, 'base64')
    const decipher = createDecipheriv('aes-128-gcm', key, iv)
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
    const text = Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()])
    return JSON.parse(text.toString('utf8'))
  } catch {
    return null
  }
}

function flip(iv: Buffer): Buffer {
  return Buffer.from(iv.map((byte) => ~byte))
}
